// What an answer other than 200 means. Branches on the status first, then on the provider's code, never on
// its message, which is not repeated either: it may be about somebody. `now` is only for a
// Retry-After that is a date.
#pragma once

#include <string_view>

#include "domain/error.hpp"
#include "domain/ports/http.hpp"
#include "domain/time.hpp"

namespace tributary::tastytrade {

/// A page instead of JSON: it comes from the edge, before tastytrade looked at the request.
bool is_html(const domain::ports::HttpAnswer& answer);

/// A refusal of a read. not_found only where tastytrade itself says so: a 404 from anything on the way is
/// Errc::contract, because it proves nothing about the object.
domain::Error read_refused(const domain::ports::HttpAnswer& answer, std::string_view endpoint,
                           domain::Timestamp now);

/// A refusal of the token call. 400, 401 and 403 mean that the grant is dead, whatever the envelope.
domain::Error token_refused(const domain::ports::HttpAnswer& answer, domain::Timestamp now);

}  // namespace tributary::tastytrade
