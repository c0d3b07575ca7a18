// Where a request goes: scheme, host and port, read strictly.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tributary::http {

struct Origin {
    bool tls = true;
    /// Lower case; an IPv6 address stands without brackets.
    std::string host;
    std::uint16_t port = 443;
    /// The value of the Host field: the default port left out, an IPv6 address in brackets.
    std::string authority;

    friend bool operator==(const Origin&, const Origin&) = default;
    friend auto operator<=>(const Origin&, const Origin&) = default;
};

/// `https://host[:port]` or `http://host[:port]` and nothing behind it: no path, no user, no trailing slash.
/// The host is a DNS name in ASCII, an IPv4 address or an IPv6 address in brackets.
std::optional<Origin> parse_origin(std::string_view text);

}  // namespace tributary::http
