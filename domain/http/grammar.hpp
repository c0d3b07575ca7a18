// The character rules of RFC 9110 and 9112 that the gate and the reply share. Pure, ASCII, no locale.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tributary::http {

/// One character of a token (field names, methods).
bool is_token_char(char c);
/// A token of at least one character.
bool is_token(std::string_view text);
/// What may stand in a field value: visible characters, space, tab, bytes above 0x7F.
bool is_field_value(std::string_view text);
/// ASCII comparison without case.
bool same_name(std::string_view left, std::string_view right);
/// Without leading and trailing spaces and tabs.
std::string_view trimmed(std::string_view text);
/// True if the comma-separated list has this member, without case.
bool list_has(std::string_view list, std::string_view member);
/// True if a Content-Type names this media type, without case and whatever its parameters.
bool has_media_type(std::string_view content_type, std::string_view media_type);
/// A name, an IPv4 address or a bracketed IPv6 address, with an optional port up to 65535.
bool is_host(std::string_view text);
/// Digits only. A number too large for 64 bits is the largest of them, never a small one.
std::optional<std::uint64_t> parse_length(std::string_view text);
/// Well-formed UTF-8: shortest forms, no surrogates, nothing above U+10FFFF.
bool is_utf8(std::string_view text);

}  // namespace tributary::http
