#include "adapters/tdx/target.hpp"

#include <algorithm>

namespace tributary::tdx {

namespace {

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

std::unexpected<domain::Error> no_origin() {
    return domain::fail(domain::Errc::configuration,
                        "The base URL is no origin. Give https://host or https://host:port without a path.",
                        "/base_url");
}

}  // namespace

std::string percent_encode(std::string_view text) {
    static constexpr char hex[] = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        if (is_unreserved(c)) {
            encoded += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            encoded += {'%', hex[byte >> 4U], hex[byte & 0xFU]};
        }
    }
    return encoded;
}

std::string list_query(std::uint32_t limit, const std::optional<std::string>& cursor) {
    const std::string query = "limit=" + std::to_string(limit);
    return cursor ? query + "&cursor=" + percent_encode(*cursor) : query;
}

domain::Result<std::string> host_of(std::string_view origin) {
    const bool tls = origin.starts_with("https://");
    if (!tls && !origin.starts_with("http://")) {
        return no_origin();
    }
    origin.remove_prefix(tls ? 8 : 7);
    if (origin.find_first_of("/?#@ ") != std::string_view::npos) {
        return no_origin();
    }
    // The colons inside the brackets of an IPv6 address begin no port.
    const bool bracketed = origin.starts_with('[');
    const std::size_t bracket = origin.find(']');
    if (bracketed && bracket == std::string_view::npos) {
        return no_origin();
    }
    const std::size_t end = bracketed ? bracket + 1 : std::min(origin.find(':'), origin.size());
    const std::string_view name = origin.substr(0, end);
    const std::string_view rest = origin.substr(end);
    const std::string_view port = rest.substr(std::min<std::size_t>(1, rest.size()));
    const bool digits = std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
    if (name.empty() || (!rest.empty() && (rest.front() != ':' || port.empty() || !digits))) {
        return no_origin();
    }
    const bool standard = port.empty() || port == (tls ? "443" : "80");
    return std::string(name) + (standard ? "" : ":" + std::string(port));
}

}  // namespace tributary::tdx
