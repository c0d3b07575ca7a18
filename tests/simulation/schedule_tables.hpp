// Connections, leases and runs over the tables in memory; each call is part of one transaction.
#pragma once

#include <functional>

#include "tests/simulation/database.hpp"
#include "tests/simulation/dice.hpp"

namespace tributary::simulation {

/// A provider's connections, or one.
using Claimable = std::function<bool(const domain::ports::ConnectionView&)>;

class ScheduleTables {
  public:
    /// `now`: the database's clock.
    ScheduleTables(Database& database, Dice& dice, domain::Timestamp now)
        : db_(database), dice_(dice), now_(now) {}

    domain::Result<domain::ports::ConnectionView> create(const domain::ports::NewConnection& connection);
    domain::Result<domain::ports::RunView> request_run(const domain::Uuid& connection,
                                                       const std::string& cause);
    domain::Result<std::vector<domain::ports::ClaimedRun>> claim(const domain::Uuid& owner, std::size_t limit,
                                                                 std::chrono::seconds lease,
                                                                 const Claimable& claimable);
    domain::Result<void> renew(const domain::ports::Lease& lease, std::chrono::seconds duration);
    domain::Result<void> finish(const domain::ports::Lease& lease, const domain::Uuid& run_id,
                                const domain::ports::RunOutcome& outcome);
    domain::Result<std::optional<std::chrono::milliseconds>> next_due(const std::string& provider) const;
    /// New credentials, which are good.
    void repair(const domain::Uuid& connection);
    /// Lets paused streams be walked again, by a run that begins anew.
    void resume_streams(const domain::Uuid& connection);
    /// Approves what waits, and asks for the run that removes it.
    void approve_removals(const domain::Uuid& connection);

  private:
    [[nodiscard]] std::optional<domain::Uuid> waiting_proposal(const domain::Uuid& connection) const;
    void set_health(const domain::Uuid& connection, domain::Health health);
    domain::Uuid queue_run(const domain::Uuid& connection, std::string cause);
    domain::ports::ClaimedRun start(const domain::Uuid& connection);
    static void keep(ConnectionRow& row, const domain::ports::StreamState& state);

    Database& db_;
    Dice& dice_;
    domain::Timestamp now_;
};

}  // namespace tributary::simulation
