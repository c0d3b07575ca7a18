// Counts and times every request by its route's template, whatever answers it.
#pragma once

#include <functional>
#include <string>

#include "domain/ports/clock.hpp"
#include "domain/ports/http.hpp"
#include "services/ops/metrics.hpp"

namespace tributary::ops {

/// The template of a request's route, e.g. "/v1/customers/{id}"; "unknown" where it has none.
using RouteName = std::function<std::string(const domain::ports::HttpRequest&)>;

class MeasuredHandler final : public domain::ports::HttpHandler {
  public:
    /// Borrowed; all outlive it. Thread-safe where `inner` is.
    MeasuredHandler(domain::ports::HttpHandler& inner, Metrics& metrics, const domain::ports::Clock& clock,
                    RouteName route_name);

    bool at_once(const domain::ports::RequestView& request,
                 std::unique_ptr<domain::ports::ConnectionMemory>& memory,
                 domain::ports::ReadyReply& reply) override;
    domain::ports::Task<std::optional<domain::ports::HttpReply>> admit(
        domain::ports::HttpRequest& head) override;
    domain::ports::Task<domain::ports::HttpReply> handle(domain::ports::HttpRequest request) override;

  private:
    domain::ports::HttpHandler& inner_;
    Metrics& metrics_;
    const domain::ports::Clock& clock_;
    RouteName route_name_;
};

}  // namespace tributary::ops
