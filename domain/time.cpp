#include "domain/time.hpp"

#include <date/date.h>
#include <fmt/format.h>

#include <cstdint>
#include <sstream>
#include <string>

namespace tributary::domain {

namespace {

/// The digits in [begin, begin + count), or -1.
int digits(std::string_view text, std::size_t begin, std::size_t count) {
    int value = 0;
    for (std::size_t i = begin; i < begin + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/// "2026-01-31". Nothing for what is no day, and for what only the slow way reads.
std::optional<std::chrono::year_month_day> plain_day(std::string_view text) {
    const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    const std::chrono::year_month_day whole(std::chrono::year(year),
                                            std::chrono::month(static_cast<unsigned>(month)),
                                            std::chrono::day(static_cast<unsigned>(day)));
    const bool plain = year > 0 && month > 0 && day > 0 && text[4] == '-' && text[7] == '-' && whole.ok();
    return plain ? std::optional(whole) : std::nullopt;
}

/// "2026-01-31T23:59:59Z" and "...+01:00", as nearly every time is written: neither needs a stream.
/// Nothing where the slow way has to judge.
std::optional<std::chrono::seconds> plain_time(std::string_view text) {
    const bool zulu = text.size() == 20 && text.back() == 'Z';
    const bool offset = text.size() == 25 && (text[19] == '+' || text[19] == '-') && text[22] == ':';
    if ((!zulu && !offset) || text[13] != ':' || text[16] != ':') return std::nullopt;
    const auto day = plain_day(text.substr(0, 10));
    const int hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
    if (!day || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
        return std::nullopt;
    }
    std::chrono::seconds at = std::chrono::sys_days(*day).time_since_epoch() + std::chrono::hours(hour) +
                              std::chrono::minutes(minute) + std::chrono::seconds(second);
    if (offset) {
        const int hours = digits(text, 20, 2), minutes = digits(text, 23, 2);
        if (hours < 0 || hours > 14 || minutes < 0 || minutes > 59 || day->year() < std::chrono::year(2)) {
            return std::nullopt;
        }
        const std::chrono::seconds ahead = std::chrono::hours(hours) + std::chrono::minutes(minutes);
        at += text[19] == '+' ? -ahead : ahead;
    }
    return at;
}

void add_digits(std::string& text, std::int64_t number, std::size_t count) {
    const std::size_t begin = text.size();
    text.append(count, '0');
    for (std::size_t i = count; i > 0; --i, number /= 10) {
        text[begin + i - 1] = static_cast<char>('0' + number % 10);
    }
}

void add_day(std::string& text, Date day) {
    const int year = int(day.year());
    if (year >= 0 && year <= 9'999) {
        add_digits(text, year, 4);
    } else {
        text += fmt::format("{:04}", year);
    }
    text += '-';
    add_digits(text, unsigned(day.month()), 2);
    text += '-';
    add_digits(text, unsigned(day.day()), 2);
}

}  // namespace

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
    if (const auto plain = plain_time(whole)) {
        return Timestamp(*plain + fraction);
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
    if (const auto plain = plain_day(text)) {
        return plain;
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

// Every answer holds several of them, so they are written digit by digit.
std::string to_text(Timestamp at) {
    const auto days = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::hh_mm_ss time(at - days);
    constexpr std::size_t longest = 27;
    std::string text;
    text.reserve(longest);
    add_day(text, Date(days));
    text += 'T';
    add_digits(text, time.hours().count(), 2);
    text += ':';
    add_digits(text, time.minutes().count(), 2);
    text += ':';
    add_digits(text, time.seconds().count(), 2);
    if (const auto micros = time.subseconds().count(); micros != 0) {
        text += '.';
        const bool whole_millis = micros % 1000 == 0;
        add_digits(text, whole_millis ? micros / 1000 : micros, whole_millis ? 3 : 6);
    }
    text += 'Z';
    return text;
}

std::string to_text(Date day) {
    std::string text;
    add_day(text, day);
    return text;
}

}  // namespace tributary::domain
