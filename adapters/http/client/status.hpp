// What an answer's status means, the same for every provider unless its adapter knows better.
#pragma once

#include <optional>

#include "domain/error.hpp"
#include "domain/ports/http.hpp"
#include "domain/time.hpp"

namespace tributary::http {

/// Nothing for 2xx. Otherwise:
///   401 unauthenticated, 403 permission_denied, 404 not_found, 410 gone,
///   429 throttled and 408 or 5xx unavailable, both with the wait that the answer asked for,
///   anything else (redirects are never followed) contract.
/// `now` serves only a Retry-After date in an answer without a Date.
std::optional<domain::Error> error_of_status(const domain::ports::HttpAnswer& answer, domain::Timestamp now);

}  // namespace tributary::http
