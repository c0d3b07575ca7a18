#include "adapters/http/server/date_line.hpp"

#include <fmt/format.h>

#include <array>

namespace tributary::http {

std::string http_date(std::chrono::sys_seconds at) {
    static constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(at - day);
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT",
                       days[std::chrono::weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                       months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                       time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string_view DateLine::at(domain::Timestamp now) {
    const auto second = std::chrono::floor<std::chrono::seconds>(now);
    if (second != second_) {
        text_ = http_date(second);
        second_ = second;
    }
    return text_;
}

}  // namespace tributary::http
