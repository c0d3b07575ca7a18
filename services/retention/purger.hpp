// Lets go of the past beyond how long it is kept, for all tenants in turn. Any number of purgers, in any
// number of processes, share the work.
#pragma once

#include <spdlog/logger.h>

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>

#include "domain/ports/admin_store.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/retention_store.hpp"
#include "services/sync/nap.hpp"

namespace tributary::retention {

/// Borrowed; all outlive the purger.
struct PurgerTools {
    domain::ports::AdminStore& admin;
    domain::ports::RetentionStore& store;
    domain::ports::Clock& clock;
    std::shared_ptr<spdlog::logger> log;
    /// Told how many rows each batch deleted.
    std::function<void(std::size_t rows)> on_deleted = [](std::size_t) {};
};

struct PurgerOptions {
    /// How long the past is kept.
    std::chrono::seconds kept{};
    /// From the end of a round to the next: what is due is late by no more than this.
    std::chrono::seconds between_rounds{600};
    /// Rows a batch: some milliseconds, whatever the past looks like.
    std::size_t batch = 500;
};

/// Lives on one executor's thread; stop() is called there.
class Purger {
  public:
    Purger(boost::asio::any_io_executor executor, PurgerTools tools, PurgerOptions options);

    /// Until stop().
    domain::ports::Task<void> run();
    /// Goes through all tenants once. One that is in trouble is told of in the log and left for the next
    /// round; Errc::unavailable ends this one.
    domain::ports::Task<domain::Result<void>> round();
    void stop();

  private:
    domain::ports::Task<domain::Result<void>> purge(domain::Uuid tenant);

    PurgerTools tools_;
    PurgerOptions options_;
    sync::Nap nap_;
    bool stopping_ = false;
};

}  // namespace tributary::retention
