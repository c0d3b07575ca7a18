#include "adapters/tdx/client.hpp"

#include <utility>

#include "adapters/tdx/answer.hpp"
#include "adapters/tdx/target.hpp"

namespace tributary::tdx {

using domain::Result;
using domain::ports::HttpAnswer;
using domain::ports::HttpCall;
using domain::ports::Task;

Client::Client(std::string origin, std::unique_ptr<Authorizer> authorizer,
               domain::ports::HttpTransport& transport, domain::ports::Clock& clock)
    : origin_(std::move(origin)), authorizer_(std::move(authorizer)), transport_(transport), clock_(clock) {}

HttpCall Client::call_of(std::string method, const Endpoint& endpoint) const {
    HttpCall call;
    call.method = std::move(method);
    call.origin = origin_;
    call.target = std::string(path_prefix) + endpoint.path;
    if (!endpoint.query.empty()) {
        call.target += "?" + endpoint.query;
    }
    call.fields.add("Accept", "application/json");
    return call;
}

Task<Result<std::string>> Client::get(Endpoint endpoint) {
    const Result<HttpAnswer> answer = co_await exchange(call_of("GET", endpoint));
    co_return body_of(answer, endpoint.name, clock_.now());
}

Task<Result<std::string>> Client::change(std::string method, Endpoint endpoint, std::string body) {
    HttpCall call = call_of(std::move(method), endpoint);
    // Without a body no Content-Type: the header would have to be signed.
    if (!body.empty()) {
        call.fields.add("Content-Type", "application/json");
        call.body = std::move(body);
    }
    const Result<HttpAnswer> answer = co_await exchange(std::move(call));
    co_return body_of_change(answer, endpoint.name, clock_.now());
}

Task<Result<HttpAnswer>> Client::exchange(HttpCall call) {
    Result<HttpAnswer> answer = co_await send(call);
    if (answer && answer->status == 401) {
        answer = co_await send(call);
    }
    co_return answer;
}

Task<Result<HttpAnswer>> Client::send(const HttpCall& call) {
    const Result<std::string> authorization = co_await authorizer_->authorization(call);
    if (!authorization) {
        co_return std::unexpected(authorization.error());
    }
    HttpCall authorized = call;
    authorized.fields.add("Authorization", *authorization);
    Result<HttpAnswer> answer = co_await transport_.send(std::move(authorized));
    if (answer && answer->status == 401) {
        authorizer_->refused(*authorization);
    }
    co_return answer;
}

}  // namespace tributary::tdx
