// A UUID as a value. Ours are version 5 (named, hence stable) for entities and version 7 (time-ordered) for
// runs, connections and keys; a provider's ids stay text, because its documentation shows some that are no
// UUIDs.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tributary::domain {

struct Uuid {
    std::array<std::uint8_t, 16> bytes{};

    friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

/// Lower-case 8-4-4-4-12 form.
std::string to_text(const Uuid& id);
/// Accepts only the 8-4-4-4-12 form, either case.
std::optional<Uuid> parse_uuid(std::string_view text);
/// RFC 9562 version 5 of `name` in `space`.
Uuid named_uuid(const Uuid& space, std::string_view name);
/// RFC 9562 version 7 from milliseconds since the epoch and 10 random bytes.
Uuid time_ordered_uuid(std::uint64_t unix_ms, const std::array<std::uint8_t, 10>& random);

}  // namespace tributary::domain

template <>
struct std::hash<tributary::domain::Uuid> {
    std::size_t operator()(const tributary::domain::Uuid& id) const noexcept;
};
