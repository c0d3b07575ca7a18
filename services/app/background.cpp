#include "services/app/background.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <utility>

namespace tributary::app {

Background::Background(BackgroundTools tools) : tools_(std::move(tools)) {
    make_workers();
    make_applier();
    make_actor();
    make_purger();
}

void Background::make_workers() {
    sync::SyncTools tools = tools_.foundation.sync_tools();
    tools.on_run_ended = [&metrics = tools_.metrics](std::string_view provider, std::string_view state,
                                                     std::chrono::nanoseconds elapsed) {
        metrics.count_run(provider, state, elapsed);
    };
    for (const std::string_view provider : tools_.foundation.providers().names()) {
        sync::WorkerOptions options;
        options.provider = provider;
        options.owner = tools_.foundation.new_id();
        options.lease = tools_.settings.sync_lease;
        options.concurrent_runs = tools_.settings.sync_concurrent_runs;
        workers_.push_back(
            std::make_unique<sync::Worker>(tools_.io.get_executor(), tools, std::move(options)));
    }
}

void Background::make_applier() {
    webhooks::ApplierOptions options;
    options.owner = tools_.foundation.new_id();
    options.lease = tools_.settings.sync_lease;
    options.retention = tools_.settings.webhooks_retention;
    applier_.emplace(tools_.io.get_executor(), tools_.foundation.apply_tools(), tools_.foundation.clock(),
                     options);
}

void Background::make_actor() {
    actions::ActionTools tools{tools_.foundation.sync_tools(),
                               tools_.foundation.actions(),
                               [this] { boost::asio::post(tools_.io, [this] { wake_runs(); }); },
                               [&metrics = tools_.metrics](std::string_view kind, std::string_view outcome) {
                                   metrics.count_action(kind, outcome);
                               },
                               {}};
    actions::WorkerOptions options;
    options.owner = tools_.foundation.new_id();
    options.lease = tools_.settings.sync_lease;
    actor_.emplace(tools_.io.get_executor(), std::move(tools), options);
}

void Background::make_purger() {
    if (tools_.settings.history_retention == std::chrono::seconds(0)) {
        return;
    }
    retention::PurgerTools tools{tools_.foundation.admin(), tools_.foundation.retention(),
                                 tools_.foundation.clock(), tools_.log};
    tools.on_deleted = [&metrics = tools_.metrics](std::size_t rows) { metrics.count_deleted_history(rows); };
    retention::PurgerOptions options;
    options.kept = tools_.settings.history_retention;
    purger_.emplace(tools_.io.get_executor(), std::move(tools), options);
}

void Background::spawn(domain::ports::Task<void> work, std::string_view part) {
    boost::asio::co_spawn(tools_.io, std::move(work), [this, part](const std::exception_ptr& thrown) {
        if (thrown) {
            tools_.give_up(part, thrown);
        }
    });
}

void Background::start() {
    for (const auto& worker : workers_) {
        boost::asio::co_spawn(tools_.io, worker->run(), [this](const std::exception_ptr& thrown) {
            if (thrown) {
                tools_.give_up("a sync worker", thrown);
            }
            tools_.on_worker_ended();
        });
    }
    spawn(applier_->run(), "the applying of webhooks");
    spawn(actor_->run(), "the carrying out of actions");
    if (purger_) {
        spawn(purger_->run(), "the letting go of the past");
    }
}

void Background::wake_runs() {
    for (const auto& worker : workers_) {
        worker->wake();
    }
}

void Background::wake_events() {
    applier_->wake();
}

void Background::wake_actions() {
    actor_->wake();
}

void Background::stop() {
    for (const auto& worker : workers_) {
        worker->stop();
    }
    applier_->stop();
    actor_->stop();
    if (purger_) {
        purger_->stop();
    }
}

}  // namespace tributary::app
