#include "domain/time.hpp"

#include <date/date.h>
#include <fmt/format.h>

#include <cstdint>
#include <sstream>
#include <string>

namespace tributary::domain {

std::optional<Timestamp> parse_timestamp(std::string_view text) {
    // date's %S reads a fraction only as wide as the target's; a provider may send nanoseconds, so it is cut
    // first.
    std::string whole(text);
    std::chrono::microseconds fraction{0};
    if (const auto dot = whole.find('.'); dot != std::string::npos) {
        auto end = dot + 1;
        std::int64_t micros = 0;
        int digits = 0;
        for (; end < whole.size() && whole[end] >= '0' && whole[end] <= '9'; ++end) {
            if (digits < 6) {
                micros = micros * 10 + (whole[end] - '0');
                ++digits;
            }
        }
        if (end == dot + 1) {
            return std::nullopt;
        }
        for (; digits < 6; ++digits) {
            micros *= 10;
        }
        fraction = std::chrono::microseconds(micros);
        whole.erase(dot, end - dot);
    }
    if (whole.size() < 20 || whole.size() > 25 || (whole[10] != 'T' && whole[10] != 't') || whole[0] < '0' ||
        whole[0] > '9') {
        return std::nullopt;
    }
    whole[10] = 'T';
    const bool zulu = whole.back() == 'Z' || whole.back() == 'z';
    if (zulu) {
        whole.back() = 'Z';
    }
    std::istringstream stream(whole);
    date::sys_time<std::chrono::seconds> seconds;
    stream >> date::parse(zulu ? "%FT%TZ" : "%FT%T%Ez", seconds);
    if (stream.fail() || stream.peek() != std::istringstream::traits_type::eof()) {
        return std::nullopt;
    }
    static constexpr date::sys_seconds first_year = date::sys_days(date::January / 1 / 1);
    if (seconds < first_year) {
        return std::nullopt;
    }
    return Timestamp(seconds.time_since_epoch()) + fraction;
}

std::optional<Date> parse_date(std::string_view text) {
    if (text.size() != 10) {
        return std::nullopt;
    }
    std::istringstream stream{std::string(text)};
    date::year_month_day day{};
    stream >> date::parse("%F", day);
    if (stream.fail() || !day.ok() || stream.peek() != std::istringstream::traits_type::eof()) {
        return std::nullopt;
    }
    return Date(std::chrono::year(int(day.year())), std::chrono::month(unsigned(day.month())),
                std::chrono::day(unsigned(day.day())));
}

std::string to_text(Timestamp at) {
    const auto days = std::chrono::floor<std::chrono::days>(at);
    const Date day(days);
    const std::chrono::hh_mm_ss time(at - days);
    std::string text = fmt::format("{}T{:02}:{:02}:{:02}", to_text(day), time.hours().count(),
                                   time.minutes().count(), time.seconds().count());
    if (const auto micros = time.subseconds().count(); micros % 1000 != 0) {
        text += fmt::format(".{:06}", micros);
    } else if (micros != 0) {
        text += fmt::format(".{:03}", micros / 1000);
    }
    return text + "Z";
}

std::string to_text(Date day) {
    return fmt::format("{:04}-{:02}-{:02}", int(day.year()), unsigned(day.month()), unsigned(day.day()));
}

}  // namespace tributary::domain
