// Looks for connections with events that wait, and applies them under the connection's lease: never while a
// run of it is under way. Any number of appliers, in any number of processes, share the work.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>

#include "services/sync/nap.hpp"
#include "services/webhooks/apply.hpp"

namespace tributary::webhooks {

struct ApplierOptions {
    /// Names this applier in leases.
    domain::Uuid owner;
    std::chrono::seconds lease{30};
    /// How long settled events are kept.
    std::chrono::seconds retention{7 * 24 * 3600};
    /// Longest sleep between two looks: bounds how late events that another process stored are noticed.
    std::chrono::milliseconds longest_idle{1'000};
};

/// Lives on one executor's thread; wake() and stop() are called there.
class Applier {
  public:
    /// The clock outlives it.
    Applier(boost::asio::any_io_executor executor, ApplyTools tools, domain::ports::Clock& clock,
            ApplierOptions options);

    /// Until stop().
    domain::ports::Task<void> run();
    /// Applies what waits at one connection; says whether there was one. An Error leaves it for later.
    domain::ports::Task<domain::Result<bool>> apply_one();
    /// Look for work now.
    void wake();
    void stop();

  private:
    domain::ports::Task<void> clean_up();

    ApplyTools tools_;
    domain::ports::Clock& clock_;
    ApplierOptions options_;
    sync::Nap nap_;
    std::chrono::steady_clock::time_point clean_at_;
    bool stopping_ = false;
};

}  // namespace tributary::webhooks
