#include "services/api/problem.hpp"

#include <spdlog/logger.h>

#include <algorithm>

#include "domain/json/value.hpp"
#include "domain/json/write.hpp"
#include "services/api/problem_catalogue.hpp"

namespace tributary::api {

using domain::Errc;
using domain::Error;
using domain::ports::HttpReply;

namespace {

std::string_view title_of(std::string_view code) {
    const ProblemKind* known = find_problem(code);
    return known == nullptr ? code : known->title;
}

HttpReply reply_of(int status, std::string_view code, std::string_view detail, json::Array errors,
                   std::string_view challenge = "Bearer") {
    json::Object body{{"type", "/problems/" + std::string(code)},
                      {"title", title_of(code)},
                      {"status", status},
                      {"code", code},
                      {"detail", detail}};
    if (!errors.empty()) {
        body.push_back({"errors", std::move(errors)});
    }
    HttpReply reply;
    reply.status = status;
    reply.fields.add("Content-Type", "application/problem+json");
    reply.fields.add("Cache-Control", "no-store");
    if (status == 401) {
        reply.fields.add("WWW-Authenticate", std::string(challenge));
    }
    if (status == 503) {
        reply.fields.add("Retry-After", "2");
    }
    reply.body = json::write(body);
    return reply;
}

/// An error's sentence never holds secrets or personal data (domain/error.hpp), so it can stand in the log.
void tell(const RequestLog& log, const Error& error) {
    log.log->error("a request failed req={} trace={} code={} detail=\"{}\"", log.request_id, log.trace_id,
                   name_of(error.code), error.detail);
}

}  // namespace

HttpReply problem(int status, std::string_view code, std::string_view detail) {
    return reply_of(status, code, detail, {});
}

HttpReply problem(int status, std::string_view code, std::string_view detail, std::span<const Error> faults,
                  std::size_t most_told) {
    json::Array errors;
    for (const Error& fault : faults.first(std::min(faults.size(), most_told))) {
        errors.emplace_back(json::Object{
            {"pointer", fault.pointer}, {"code", domain::name_of(fault.code)}, {"detail", fault.detail}});
    }
    return reply_of(status, code, detail, std::move(errors));
}

HttpReply no_such_object() {
    return problem(404, "not_found", "There is no such object.");
}

HttpReply unauthenticated(std::string_view detail, bool shown) {
    // RFC 6750, 3.1: no error code where nothing was shown.
    return reply_of(401, "unauthenticated", detail, {}, shown ? R"(Bearer error="invalid_token")" : "Bearer");
}

HttpReply problem_of(const RequestLog& log, const Error& error) {
    switch (error.code) {
        case Errc::invalid_input:
            return invalid_request({error});
        case Errc::not_found:
        case Errc::gone:
            return no_such_object();
        case Errc::expired:
            return problem(410, "expired", error.detail);
        case Errc::conflict:
            return problem(409, "conflict", error.detail);
        case Errc::unauthenticated:
            return problem(401, "unauthenticated", "Send a valid API key as a Bearer token.");
        case Errc::permission_denied:
            return problem(403, "permission_denied", error.detail);
        case Errc::unavailable:
        case Errc::timed_out:
        case Errc::in_doubt:
        case Errc::cancelled:
            tell(log, error);
            return problem(503, "temporarily_unavailable",
                           "The service cannot answer right now; try again shortly.");
        default:
            tell(log, error);
            return problem(500, "internal_error", "Something went wrong on our side; it was logged.");
    }
}

HttpReply invalid_request(const std::vector<Error>& faults) {
    return problem(400, "invalid_request",
                   faults.size() == 1 ? faults.front().detail : "The request has several faults.", faults);
}

}  // namespace tributary::api
