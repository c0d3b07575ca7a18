// The hash by which an unchanged object is recognised.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace tributary::domain {

/// SHA-256 as 64 hex digits.
std::string content_hash(std::string_view bytes);

/// SHA-1, which names in UUIDs ask for. It protects nothing.
std::array<std::uint8_t, 20> sha1(std::string_view bytes);

/// Bytes as lower-case hex digits.
std::string hex_text(std::string_view bytes);

}  // namespace tributary::domain
