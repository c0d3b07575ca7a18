#include "services/api/freshness_parameters.hpp"

#include <charconv>
#include <cstdint>
#include <string>

namespace tributary::api {

using domain::Errc;
using std::chrono::milliseconds;

namespace {

constexpr std::chrono::hours longest_duration{24 * 366};

std::optional<milliseconds> unit_named(std::string_view name) {
    if (name == "ms") return milliseconds(1);
    if (name == "s") return std::chrono::seconds(1);
    if (name == "m") return std::chrono::minutes(1);
    if (name == "h") return std::chrono::hours(1);
    return std::nullopt;
}

domain::Error fault(std::string_view name, std::string sentence) {
    return {Errc::invalid_input, std::move(sentence), "/" + std::string(name)};
}

}  // namespace

std::optional<milliseconds> duration_named(std::string_view text) {
    std::int64_t count = 0;
    const auto read = std::from_chars(text.begin(), text.end(), count);
    const auto unit = unit_named(std::string_view(read.ptr, text.end()));
    if (read.ec != std::errc{} || text.starts_with('-') || !unit ||
        count > milliseconds(longest_duration) / *unit) {
        return std::nullopt;
    }
    return count * *unit;
}

std::expected<FreshnessParameters, std::vector<domain::Error>> freshness_parameters_of(
    const http::Query& query) {
    FreshnessParameters wanted;
    std::vector<domain::Error> faults;
    const std::string* max_age = query.find("max_age");
    if (max_age != nullptr) {
        wanted.max_age = duration_named(*max_age);
        if (!wanted.max_age) {
            faults.push_back(fault(
                "max_age", "max_age must be a whole number with its unit, ms, s, m or h, up to 8784h: 30s."));
        }
    }
    if (const std::string* wait = query.find("wait"); wait != nullptr) {
        const auto read = duration_named(*wait);
        if (!read || *read > longest_wait) {
            faults.push_back(fault("wait", "wait must be a whole number with its unit, up to 25s: 500ms."));
        } else {
            wanted.wait = *read;
        }
    }
    if (const std::string* on_stale = query.find("on_stale"); on_stale != nullptr) {
        wanted.fail_when_stale = *on_stale == "fail";
        if (*on_stale != "fail" && *on_stale != "serve") {
            faults.push_back(fault("on_stale", "on_stale must be serve or fail."));
        }
    }
    for (const std::string_view name : {"wait", "on_stale"}) {
        if (max_age == nullptr && query.find(name) != nullptr) {
            faults.push_back(fault(name, std::string(name) + " says nothing without max_age."));
        }
    }
    if (max_age != nullptr && query.find("as_of") != nullptr) {
        faults.push_back(
            fault("max_age", "What was known at a moment gets no fresher; leave max_age or as_of out."));
    }
    if (!faults.empty()) {
        return std::unexpected(std::move(faults));
    }
    return wanted;
}

}  // namespace tributary::api
