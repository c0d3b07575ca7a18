#include "tests/faults/direct_road.hpp"

#include <string>
#include <utility>

namespace tributary::faults {

using domain::Result;
using domain::ports::HttpAnswer;
using domain::ports::HttpCall;
using domain::ports::HttpRequest;
using domain::ports::Task;

namespace {

/// As the client would have put it on the wire.
HttpRequest request_of(HttpCall call) {
    HttpRequest request;
    request.method = std::move(call.method);
    const std::size_t question = call.target.find('?');
    request.path = call.target.substr(0, question);
    request.query = question == std::string::npos ? "" : call.target.substr(question + 1);
    request.fields = std::move(call.fields);
    request.fields.add("Host", call.origin.substr(call.origin.find("//") + 2));
    if (!call.body.empty()) {
        request.fields.add("content-length", std::to_string(call.body.size()));
    }
    request.body = std::move(call.body);
    request.request_id = "00000000-0000-4000-8000-000000000000";
    return request;
}

}  // namespace

Task<Result<HttpAnswer>> DirectRoad::send(HttpCall call) {
    const HttpRequest request = request_of(std::move(call));
    const auto own = latency_of.find(*request.fields.find("Host"));
    const std::chrono::milliseconds each_way = own == latency_of.end() ? latency : own->second;
    Result<void> slept = co_await clock_.sleep(each_way);
    if (!slept) {
        co_return std::unexpected(slept.error());
    }
    Result<HttpAnswer> answer = exchange_.answer(request);
    slept = co_await clock_.sleep(each_way);
    if (!slept) {
        co_return std::unexpected(slept.error());
    }
    co_return answer;
}

}  // namespace tributary::faults
