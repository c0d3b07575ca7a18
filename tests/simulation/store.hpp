// The store as one process sees it: the real ports over the shared tables, with the faults of a database
// that is far away.
#pragma once

#include <functional>

#include "domain/ports/connection_store.hpp"
#include "domain/ports/page_store.hpp"
#include "tests/simulation/database.hpp"
#include "tests/simulation/faults.hpp"
#include "tests/simulation/schedule_tables.hpp"
#include "tests/simulation/timeline.hpp"
#include "tests/simulation/trace.hpp"

namespace tributary::simulation {

/// What a store needs of the world.
struct StoreTools {
    Database& database;
    Timeline& timeline;
    FaultPlan& faults;
    Dice& dice;
    Trace& trace;
    /// The database's clock.
    std::function<domain::Timestamp()> now;
    /// Whether the process dies here.
    std::function<bool(ProcessId, Fault)> dies;
    /// Looks at a transaction that is about to count.
    std::function<void(ProcessId)> judge;
};

/// Runs jobs in transactions that fail as real ones do.
class Transactions {
  public:
    Transactions(StoreTools& tools, ProcessId process) : tools_(tools), process_(process) {}

    using Job = std::function<domain::Result<void>()>;
    /// `repeats`: a conflict runs the job again, at most three times.
    domain::ports::Task<domain::Result<void>> run(const char* name, Job job, bool repeats = false);

    [[nodiscard]] StoreTools& tools() const { return tools_; }

  private:
    domain::ports::Task<domain::Result<void>> attempt(const char* name, Job job, bool conflict);
    domain::ports::Task<void> travel(Fault death);

    StoreTools& tools_;
    ProcessId process_;
};

class SimulatedPages final : public domain::ports::PageStore {
  public:
    explicit SimulatedPages(Transactions transactions) : transactions_(transactions) {}

    domain::ports::Task<domain::Result<void>> transact(
        domain::Uuid tenant,
        std::function<domain::Result<void>(domain::ports::PageTransaction&)> job) override;

  private:
    Transactions transactions_;
};

/// What workers and operators ask; what only the API asks is not simulated and fails.
class SimulatedConnections final : public domain::ports::ConnectionStore {
  public:
    explicit SimulatedConnections(Transactions transactions) : transactions_(transactions) {}

    template <class T>
    using Answer = domain::ports::Task<domain::Result<T>>;
    using Uuid = domain::Uuid;

    Answer<domain::ports::ConnectionView> create_connection(Uuid tenant,
                                                            domain::ports::NewConnection connection) override;
    Answer<std::vector<domain::ports::ConnectionView>> connections(Uuid tenant) override;
    Answer<std::vector<domain::ports::ConnectionView>> connection_page(
        Uuid tenant, domain::ports::ConnectionQuery query) override;
    Answer<domain::ports::ConnectionView> connection(Uuid tenant, Uuid id) override;
    Answer<void> remove_connection(Uuid tenant, Uuid id) override;
    Answer<void> forget_connection(Uuid tenant, domain::ports::Lease lease) override;
    Answer<void> pause_connection(Uuid tenant, Uuid id, bool paused) override;
    Answer<domain::ports::ConnectionView> repair_connection(Uuid tenant,
                                                            domain::ports::ConnectionRepair repair) override;
    Answer<domain::ports::ProposalView> proposal(Uuid tenant, Uuid run) override;
    Answer<domain::ports::ProposalView> decide_proposal(Uuid tenant,
                                                        domain::ports::ProposalDecision decision) override;
    Answer<domain::ports::RunView> request_run(Uuid tenant, Uuid connection_id, std::string cause) override;
    Answer<domain::ports::RunView> run(Uuid tenant, Uuid id) override;
    Answer<std::vector<domain::ports::RunView>> runs(Uuid tenant, domain::ports::RunQuery query) override;
    Answer<std::vector<domain::ports::ClaimedRun>> claim_due(Uuid owner, std::string provider,
                                                             std::size_t limit,
                                                             std::chrono::seconds lease) override;
    Answer<std::vector<domain::ports::ClaimedRun>> claim_connection(Uuid owner, Uuid connection,
                                                                    std::chrono::seconds lease) override;
    Answer<void> renew_lease(domain::ports::Lease lease, std::chrono::seconds duration) override;
    Answer<void> finish_run(Uuid tenant, domain::ports::Lease lease, Uuid run_id,
                            domain::ports::RunOutcome outcome) override;
    Answer<std::optional<std::chrono::milliseconds>> next_due(std::string provider) override;

  private:
    /// Runs `call` on the schedule's tables in a transaction.
    template <class T, class Call>
    Answer<T> ask(const char* name, Call call);

    Transactions transactions_;
};

}  // namespace tributary::simulation
