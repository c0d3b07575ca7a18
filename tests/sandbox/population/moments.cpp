#include "tests/sandbox/population/moments.hpp"

#include <fmt/format.h>

namespace tributary::sandbox {

namespace {

constexpr std::int64_t start_of_2019 = 1546300800;
constexpr std::int64_t year = std::int64_t{365} * 24 * 3600;

/// "2020-08-24T14:15:22", without a zone.
std::string seconds_text(domain::Timestamp at) {
    return domain::to_text(domain::Timestamp(std::chrono::floor<std::chrono::seconds>(at))).substr(0, 19);
}

std::int64_t fraction(domain::Timestamp at) {
    return (at - std::chrono::floor<std::chrono::seconds>(at)).count();
}

}  // namespace

domain::Timestamp random_moment(Rng& rng) {
    const auto seconds = start_of_2019 + static_cast<std::int64_t>(rng.below(6 * year));
    return domain::Timestamp(std::chrono::seconds(seconds)) + std::chrono::milliseconds(rng.below(1000));
}

domain::Timestamp later_moment(domain::Timestamp from, Rng& rng) {
    return from + std::chrono::seconds(rng.below(year));
}

std::string plain_text(domain::Timestamp at) {
    return seconds_text(at) + "Z";
}

std::string offset_text(domain::Timestamp at) {
    return fmt::format("{}.{:03}+00:00", seconds_text(at), fraction(at) / 1000);
}

std::string varied_text(domain::Timestamp at, Rng& rng) {
    switch (rng.below(3)) {
        case 0:
            return plain_text(at);
        case 1:
            return fmt::format("{}.{:02}Z", seconds_text(at), fraction(at) / 10000);
        default:
            return fmt::format("{}.{:06}{}Z", seconds_text(at), fraction(at), rng.digits(3));
    }
}

}  // namespace tributary::sandbox
