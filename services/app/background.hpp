// What a process does that no request waits for: runs, events of webhooks, changes at providers, and letting
// go of the past. All of it on one thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "services/actions/worker.hpp"
#include "services/app/foundation.hpp"
#include "services/ops/metrics.hpp"
#include "services/retention/purger.hpp"
#include "services/sync/worker.hpp"
#include "services/webhooks/applier.hpp"

namespace tributary::app {

/// Borrowed; all outlive the work, and the loop is run by one thread.
struct BackgroundTools {
    boost::asio::io_context& io;
    Foundation& foundation;
    const config::Settings& settings;
    ops::Metrics& metrics;
    std::shared_ptr<spdlog::logger> log;
    /// A part ended by an exception, and the service cannot do without it.
    std::function<void(std::string_view part, const std::exception_ptr& thrown)> give_up = {};
    /// A worker's runs have ended; called once a provider.
    std::function<void()> on_worker_ended = {};
};

class Background {
  public:
    explicit Background(BackgroundTools tools);

    void start();
    /// The three below and stop(): on the loop's thread.
    void wake_runs();
    void wake_events();
    void wake_actions();
    void stop();

  private:
    void make_workers();
    void make_applier();
    void make_actor();
    void make_purger();
    void spawn(domain::ports::Task<void> work, std::string_view part);

    BackgroundTools tools_;
    /// One a provider.
    std::vector<std::unique_ptr<sync::Worker>> workers_;
    std::optional<webhooks::Applier> applier_;
    std::optional<actions::Worker> actor_;
    /// Absent where the past is kept for ever.
    std::optional<retention::Purger> purger_;
};

}  // namespace tributary::app
