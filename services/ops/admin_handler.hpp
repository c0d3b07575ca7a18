// The admin listener: is the process alive, can it serve, what has it counted. No authentication and no
// secrets; it belongs on an address that only operators reach.
#pragma once

#include <functional>

#include "domain/ports/admin_store.hpp"
#include "domain/ports/http.hpp"
#include "services/ops/metrics.hpp"

namespace tributary::ops {

class AdminHandler final : public domain::ports::HttpHandler {
  public:
    /// `draining` turns true when the service stops: it is then not ready, so that nobody sends it more.
    /// `before_scrape` brings gauges up to date. Borrowed; all outlive it.
    AdminHandler(domain::ports::AdminStore& store, Metrics& metrics, std::function<bool()> draining,
                 std::function<void()> before_scrape);

    domain::ports::Task<std::optional<domain::ports::HttpReply>> admit(
        domain::ports::HttpRequest& head) override;
    domain::ports::Task<domain::ports::HttpReply> handle(domain::ports::HttpRequest request) override;

  private:
    domain::ports::Task<domain::ports::HttpReply> readiness();

    domain::ports::AdminStore& store_;
    Metrics& metrics_;
    std::function<bool()> draining_;
    std::function<void()> before_scrape_;
};

}  // namespace tributary::ops
