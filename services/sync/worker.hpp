// Claims due connections of one provider and runs them, as many at once as allowed. Each provider has a
// worker of its own, so that a slow one holds up nobody else's runs; any number of workers, in any number of
// processes, share a provider's work through the leases.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "domain/uuid.hpp"
#include "services/sync/nap.hpp"
#include "services/sync/tools.hpp"

namespace tributary::sync {

struct WorkerOptions {
    /// Whose connections run() claims.
    std::string provider;
    /// Names this worker in leases.
    domain::Uuid owner;
    std::chrono::seconds lease{30};
    std::size_t concurrent_runs = 16;
    /// Longest sleep between looks at the queue: bounds how late a connection that another process made due
    /// is noticed.
    std::chrono::milliseconds longest_idle{1'000};
};

/// Lives on one executor's thread; wake() and stop() are called there.
class Worker {
  public:
    Worker(boost::asio::any_io_executor executor, SyncTools tools, WorkerOptions options);

    /// Until stop(); then ends once every run under way has ended.
    domain::ports::Task<void> run();
    /// Claims and performs only the runs of one connection that are due now; returns how many there were.
    domain::ports::Task<domain::Result<std::size_t>> run_due(domain::Uuid connection);
    /// Ends once nothing that this worker started is under way. For users of run_due(), before the worker
    /// goes.
    domain::ports::Task<void> drained();
    /// Look at the queue now.
    void wake();
    /// No new claims; runs under way end at their next page.
    void stop();

  private:
    domain::ports::Task<std::size_t> claim_and_start();
    domain::ports::Task<void> perform(domain::ports::ClaimedRun claimed);
    struct Renewal;
    domain::ports::Task<void> renew(domain::ports::Lease lease, std::shared_ptr<Renewal> renewal);
    domain::ports::Task<void> finish(domain::Uuid tenant, domain::ports::Lease lease, domain::Uuid run_id,
                                     domain::ports::RunOutcome outcome, bool forgotten);
    domain::ports::Task<void> idle();

    boost::asio::any_io_executor executor_;
    SyncTools tools_;
    WorkerOptions options_;
    Nap nap_;
    std::size_t running_ = 0;
    std::size_t renewing_ = 0;
    bool stopping_ = false;
};

}  // namespace tributary::sync
