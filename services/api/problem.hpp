// Errors as the API tells them: RFC 9457 problem+json with a stable `code`. The only table from Errc to HTTP.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "domain/ports/http.hpp"

namespace spdlog {
class logger;
}

namespace tributary::api {

/// Where the failures of one request are told to operators.
struct RequestLog {
    std::shared_ptr<spdlog::logger> log;
    /// As the answer's X-Request-Id, so that who complains and what happened can be brought together.
    std::string request_id;
    /// As in the answer's traceparent.
    std::string trace_id = {};
};

/// An answer of this status. `code` is snake_case and stable, `detail` one sentence for the caller.
domain::ports::HttpReply problem(int status, std::string_view code, std::string_view detail);
/// The same with what is at fault under `errors`, each with its JSON pointer; the first `most_told` of them.
/// 20 are enough to mend by, and a hostile body must not choose the size of its answer.
domain::ports::HttpReply problem(int status, std::string_view code, std::string_view detail,
                                 std::span<const domain::Error> faults, std::size_t most_told = 20);
/// 404, the same for what is not there and for what the caller may not know of.
domain::ports::HttpReply no_such_object();
/// 401; `shown` where the request had credentials, which were not good. `detail` is for the caller.
domain::ports::HttpReply unauthenticated(std::string_view detail, bool shown);
/// The answer for a failure inside. Of our own faults (5xx) the caller learns the code and nothing else; what
/// it was is one line of the log.
domain::ports::HttpReply problem_of(const RequestLog& log, const domain::Error& error);
/// 400 with every fault of the body or query under `errors`, each with its JSON pointer.
domain::ports::HttpReply invalid_request(const std::vector<domain::Error>& faults);

}  // namespace tributary::api
