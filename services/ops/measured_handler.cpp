#include "services/ops/measured_handler.hpp"

#include <utility>

namespace tributary::ops {

using domain::ports::HttpReply;
using domain::ports::HttpRequest;
using domain::ports::Task;

MeasuredHandler::MeasuredHandler(domain::ports::HttpHandler& inner, Metrics& metrics,
                                 const domain::ports::Clock& clock, RouteName route_name)
    : inner_(inner), metrics_(metrics), clock_(clock), route_name_(std::move(route_name)) {}

bool MeasuredHandler::at_once(const domain::ports::RequestView& request,
                              std::unique_ptr<domain::ports::ConnectionMemory>& memory,
                              domain::ports::ReadyReply& reply) {
    const auto start = clock_.steady_now();
    if (!inner_.at_once(request, memory, reply)) return false;
    metrics_.count_ready(reply.route, request.method, reply.status, clock_.steady_now() - start);
    return true;
}

Task<std::optional<HttpReply>> MeasuredHandler::admit(HttpRequest& head) {
    const auto start = clock_.steady_now();
    std::optional<HttpReply> refusal = co_await inner_.admit(head);
    if (refusal) {
        metrics_.count_request(route_name_(head), head.method, refusal->status, clock_.steady_now() - start);
    }
    co_return refusal;
}

Task<HttpReply> MeasuredHandler::handle(HttpRequest request) {
    const auto start = clock_.steady_now();
    const std::string route = route_name_(request);
    const std::string method = request.method;
    HttpReply reply = co_await inner_.handle(std::move(request));
    metrics_.count_request(route, method, reply.status, clock_.steady_now() - start);
    co_return reply;
}

}  // namespace tributary::ops
