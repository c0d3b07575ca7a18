#include "tests/faults/exchange.hpp"

#include "adapters/http/server/date_line.hpp"
#include "adapters/http/server/reply.hpp"
#include "tests/simulation/observations.hpp"

namespace tributary::faults {

using domain::ports::HttpAnswer;
using domain::ports::HttpRequest;

namespace {

std::string date_at(simulation::Instant at) {
    return http::http_date(std::chrono::floor<std::chrono::seconds>(simulation::timestamp_of(at)));
}

std::string target_of(const HttpRequest& request) {
    return request.query.empty() ? request.path : request.path + "?" + request.query;
}

/// The host says who is asked, except on the wire, where all have the same.
std::string asked_provider(const FaultyExchange& exchange, const HttpRequest& request) {
    const std::string_view host = *request.fields.find("Host");
    const std::size_t name = host.find(".test");
    return name == std::string_view::npos ? exchange.provider : std::string(host.substr(0, name));
}

sandbox::Exchange ask(FaultyExchange& exchange, const HttpRequest& request) {
    const std::string provider = asked_provider(exchange, request);
    if (provider == "tastytrade") {
        return exchange.sandbox.tastytrade(request);
    }
    return provider == "tdx" ? exchange.sandbox.tdx(request) : exchange.sandbox.upvest(request);
}

}  // namespace

bool Asked::for_token() const {
    return target.starts_with("/oauth/token") || target.starts_with("/auth/token") ||
           target.find("/users/authentication/") != std::string::npos;
}

Asked FaultyExchange::note(const HttpRequest& request) {
    log.push_back({request.method, target_of(request), request.body, timeline.now()});
    return log.back();
}

HttpAnswer FaultyExchange::honest(const HttpRequest& request) {
    sandbox::Exchange said = ask(*this, request);
    HttpAnswer answer{.status = said.reply.status, .fields = std::move(said.reply.fields)};
    answer.fields.add("Date", date_at(timeline.now() + skew));
    answer.body = std::move(said.reply.body);
    return answer;
}

domain::Result<HttpAnswer> FaultyExchange::answer(const HttpRequest& request) {
    const Asked asked = note(request);
    if (answer_fault) {
        return answer_fault(asked, [this, &request] { return honest(request); });
    }
    return honest(request);
}

WireAnswer FaultyExchange::bytes(const HttpRequest& request) {
    const Asked asked = note(request);
    const auto honest_bytes = [this, &request] {
        sandbox::Exchange said = ask(*this, request);
        HonestBytes bytes;
        const std::string date = date_at(timeline.now() + skew);
        http::write_head(bytes.head, said.reply, {.date = date, .request_id = "x", .close = false});
        bytes.body = std::move(said.reply.body);
        return bytes;
    };
    if (wire_fault) {
        return wire_fault(asked, honest_bytes);
    }
    HonestBytes bytes = honest_bytes();
    return {.pieces = {{bytes.head + bytes.body}}};
}

}  // namespace tributary::faults
