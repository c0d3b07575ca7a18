// How long the other side asked us to wait.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "domain/ports/http.hpp"
#include "domain/time.hpp"

namespace tributary::domain {

/// A wait longer than this is cut to it, so that a broken answer cannot silence a connection for days.
inline constexpr std::chrono::seconds max_retry_after{3600};

/// RFC 9110, section 5.6.7: the preferred form and both obsolete ones. Nothing where it is no date.
std::optional<Timestamp> parse_http_date(std::string_view text);

/// The Retry-After field, in seconds or as a date. A date is taken relative to the answer's own Date, else to
/// `now`: the other side's clock need not agree with ours. Nothing where the field is missing, unreadable or
/// in the past.
std::optional<std::chrono::seconds> retry_after(const ports::HttpFields& fields, Timestamp now);

/// How long to leave a provider alone that answered 429 and did not say for how long: a second, doubled with
/// each such answer in a row (`in_a_row` counts from 1), at most a minute.
std::chrono::seconds unasked_pause(int in_a_row);

}  // namespace tributary::domain
