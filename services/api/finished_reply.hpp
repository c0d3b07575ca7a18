// What every answer of the API says beside what its route answers.
#pragma once

#include <optional>
#include <string>

#include "domain/ports/http.hpp"
#include "services/api/rate_limit.hpp"

namespace tributary::api {

/// What is known of an exchange besides its answer.
struct Exchange {
    std::string request_id;
    std::string trace_id;
    /// Where somebody was recognised and there is a limit.
    std::optional<RateVerdict> rate = std::nullopt;
    /// Whether the route answers with a list.
    bool lists = false;
};

/// The one step through which every answer leaves. Adds the RateLimit fields; to problems `instance`,
/// `trace_id` and, where Retry-After is sent, `retry_after_s`; to problems and lists where the API is
/// described (RFC 8631). Fields are appended, and no body but a problem's is touched.
domain::ports::HttpReply finished(domain::ports::HttpReply reply, const Exchange& exchange);

}  // namespace tributary::api
