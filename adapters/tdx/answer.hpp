// What an answer's status means. The status line is trusted over the body, whose `code` and `status` the
// documentation describes in two ways.
#pragma once

#include <string>
#include <string_view>

#include "domain/error.hpp"
#include "domain/ports/http.hpp"

namespace tributary::tdx {

/// The body of a 2xx answer, else an error that says what `asked` (an endpoint's name) ran into. 401 is
/// unauthenticated, 403 permission_denied, 404 and 410 not_found, 408 timed_out, 429 throttled with its
/// Retry-After, 5xx unavailable; anything else breaks the contract. A failed transport stays the error it is.
domain::Result<std::string> body_of(const domain::Result<domain::ports::HttpAnswer>& answer,
                                    std::string_view asked);

}  // namespace tributary::tdx
