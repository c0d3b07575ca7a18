// The running service: listeners, request threads and the sync workers, wired together, started in order and
// stopped in the opposite order.
#pragma once

#include <memory>

#include "config/settings.hpp"
#include "domain/error.hpp"

namespace spdlog {
class logger;
}

namespace tributary::app {

class Service {
  public:
    /// Binds both ports and checks everything that can be checked before the first request.
    /// Errc::configuration where a port is taken.
    static domain::Result<std::unique_ptr<Service>> build(const config::Settings& settings,
                                                          std::shared_ptr<spdlog::logger> log);
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    /// Serves until SIGTERM or SIGINT, then stops accepting, lets requests and runs under way end, and
    /// returns. Errc::internal where it ended by itself, because a part of it failed.
    domain::Result<void> run();

  private:
    struct Parts;
    explicit Service(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace tributary::app
