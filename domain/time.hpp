// Instants and calendar dates as providers and PostgreSQL write them. Pure: nothing here reads a clock.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tributary::domain {

/// An instant in UTC, to the microsecond (PostgreSQL's resolution); finer digits are cut.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;
/// A day without a zone, e.g. a birth date.
using Date = std::chrono::year_month_day;

/// RFC 3339, `Z` or a numeric offset, any number of fraction digits.
std::optional<Timestamp> parse_timestamp(std::string_view text);
/// `YYYY-MM-DD`, a day that exists.
std::optional<Date> parse_date(std::string_view text);
/// `2026-01-02T03:04:05Z`, with 3 or 6 fraction digits where they are not zero.
std::string to_text(Timestamp at);
std::string to_text(Date day);

}  // namespace tributary::domain
