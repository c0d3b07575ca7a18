// Claims actions that are due, of any tenant, and carries them out. Any number of workers, in any number of
// processes, share the work.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <memory>

#include "services/actions/carry_out.hpp"
#include "services/sync/nap.hpp"

namespace tributary::actions {

struct WorkerOptions {
    /// Names this worker in leases.
    domain::Uuid owner;
    std::chrono::seconds lease{30};
    std::size_t at_once = 16;
    /// Longest sleep between two looks: bounds how late an action that another process stored is noticed.
    std::chrono::milliseconds longest_idle{1'000};
};

/// Lives on one executor's thread; wake() and stop() are called there.
class Worker {
  public:
    Worker(boost::asio::any_io_executor executor, ActionTools tools, WorkerOptions options);

    /// Until stop(); then ends once every action under way was given back.
    domain::ports::Task<void> run();
    /// Carries out one action that is due; says whether there was one.
    domain::ports::Task<domain::Result<bool>> work_one();
    /// Look for work now.
    void wake();
    /// No new claims; what is under way is given back where it has to wait.
    void stop();

  private:
    struct Renewal;
    domain::ports::Task<domain::Result<std::optional<domain::ports::ClaimedAction>>> claim();
    /// Of a lease that is asked for now.
    [[nodiscard]] std::chrono::steady_clock::time_point end_of_lease() const;
    domain::ports::Task<void> work(domain::ports::ClaimedAction action,
                                   std::chrono::steady_clock::time_point until);
    domain::ports::Task<void> renew(domain::Uuid tenant, domain::ports::ActionLease lease,
                                    std::shared_ptr<Renewal> renewal);
    domain::ports::Task<void> clean_up();

    boost::asio::any_io_executor executor_;
    ActionTools tools_;
    domain::ports::Clock& clock_;
    WorkerOptions options_;
    sync::Nap nap_;
    std::chrono::steady_clock::time_point clean_at_;
    /// Actions and renewals.
    std::size_t under_way_ = 0;
    std::size_t working_ = 0;
    bool stopping_ = false;
};

}  // namespace tributary::actions
