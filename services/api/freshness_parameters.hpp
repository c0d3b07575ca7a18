// How fresh a caller wants an answer: `max_age`, `wait`, `on_stale`.
#pragma once

#include <chrono>
#include <expected>
#include <optional>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "domain/http/target.hpp"

namespace tributary::api {

inline constexpr std::chrono::seconds longest_wait{25};

struct FreshnessParameters {
    /// Absent: whatever is stored will do.
    std::optional<std::chrono::milliseconds> max_age;
    std::chrono::milliseconds wait{0};
    /// Rather no answer than one that is older.
    bool fail_when_stale = false;
};

/// A whole number with its unit, e.g. "30s"; the units are ms, s, m and h. At most a year.
std::optional<std::chrono::milliseconds> duration_named(std::string_view text);
/// Every fault with its pointer. `wait` and `on_stale` say nothing without `max_age`, which is a fault.
std::expected<FreshnessParameters, std::vector<domain::Error>> freshness_parameters_of(
    const http::Query& query);

}  // namespace tributary::api
