#include "domain/retry_after.hpp"

#include <date/date.h>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <string>

namespace tributary::domain {

using std::chrono::seconds;

std::optional<Timestamp> parse_http_date(std::string_view text) {
    for (const char* format : {"%a, %d %b %Y %T GMT", "%A, %d-%b-%y %T GMT", "%a %b %e %T %Y"}) {
        std::istringstream stream{std::string(text)};
        date::sys_seconds at;
        stream >> date::parse(format, at);
        if (!stream.fail() && stream.peek() == std::istringstream::traits_type::eof()) {
            return Timestamp(at.time_since_epoch());
        }
    }
    return std::nullopt;
}

std::optional<seconds> retry_after(const ports::HttpFields& fields, Timestamp now) {
    const auto field = fields.find("retry-after");
    if (!field || field->empty()) {
        return std::nullopt;
    }
    if (std::ranges::all_of(*field, [](char c) { return c >= '0' && c <= '9'; })) {
        std::int64_t wanted = 0;
        const auto [end, error] = std::from_chars(field->data(), field->data() + field->size(), wanted);
        // The only possible error is a number too large to hold.
        return error == std::errc{} ? std::min(seconds(wanted), max_retry_after) : max_retry_after;
    }
    const auto at = parse_http_date(*field);
    if (!at) {
        return std::nullopt;
    }
    const auto answered = fields.find("date");
    const auto from = answered ? parse_http_date(*answered).value_or(now) : now;
    const auto wait = std::chrono::ceil<seconds>(*at - from);
    if (wait < seconds(0)) {
        return std::nullopt;
    }
    return std::min(wait, max_retry_after);
}

std::chrono::seconds unasked_pause(int in_a_row) {
    static constexpr seconds longest{60};
    return std::min(longest, seconds(1) * (1 << std::clamp(in_a_row - 1, 0, 6)));
}

}  // namespace tributary::domain
