#include "adapters/http/client/clock_skew.hpp"

#include <fmt/format.h>

#include <chrono>

#include "domain/retry_after.hpp"

namespace tributary::http {

namespace {

/// An answer takes seconds; a signature lives for about half a minute.
constexpr std::chrono::seconds tolerated{30};

}  // namespace

std::optional<domain::Error> clock_skew(const domain::ports::HttpAnswer& answer, domain::Timestamp now,
                                        std::string_view provider) {
    const auto field = answer.fields.find("date");
    const auto at = field ? domain::parse_http_date(*field) : std::nullopt;
    if (!at) {
        return std::nullopt;
    }
    const auto ahead = std::chrono::duration_cast<std::chrono::seconds>(*at - now);
    if (ahead <= tolerated && ahead >= -tolerated) {
        return std::nullopt;
    }
    return domain::Error{
        domain::Errc::configuration,
        fmt::format("{} refuses what this machine signed or timed (clock_skew): its clock is "
                    "{} s {} of ours. Set this machine's clock by NTP.",
                    provider, ahead.count() < 0 ? -ahead.count() : ahead.count(),
                    ahead.count() < 0 ? "behind" : "ahead")};
}

}  // namespace tributary::http
