#include "services/ops/measured_handler.hpp"

#include <utility>

namespace tributary::ops {

using domain::ports::AtOnce;
using domain::ports::ConnectionMemory;
using domain::ports::HttpReply;
using domain::ports::HttpRequest;
using domain::ports::ReadyReply;
using domain::ports::RequestView;
using domain::ports::Task;

MeasuredHandler::MeasuredHandler(domain::ports::HttpHandler& inner, Metrics& metrics,
                                 const domain::ports::Clock& clock, RouteName route_name)
    : inner_(inner), metrics_(metrics), clock_(clock), route_name_(std::move(route_name)) {}

AtOnce MeasuredHandler::at_once(const RequestView& request, std::unique_ptr<ConnectionMemory>& memory,
                                ReadyReply& reply) {
    const auto start = clock_.steady_now();
    const AtOnce outcome = inner_.at_once(request, memory, reply);
    if (outcome == AtOnce::answered) {
        metrics_.count_ready(reply.route, request.method, reply.status, clock_.steady_now() - start);
    }
    return outcome;
}

Task<bool> MeasuredHandler::fetch(RequestView request, ConnectionMemory& memory, ReadyReply& reply) {
    const auto start = clock_.steady_now();
    if (!co_await inner_.fetch(request, memory, reply)) co_return false;
    metrics_.count_ready(reply.route, request.method, reply.status, clock_.steady_now() - start);
    co_return true;
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
