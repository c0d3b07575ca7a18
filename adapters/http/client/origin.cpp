#include "adapters/http/client/origin.hpp"

#include <algorithm>
#include <boost/asio/ip/address_v6.hpp>
#include <charconv>

namespace tributary::http {

namespace {

constexpr std::size_t max_host_size = 253;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

bool is_host_name(std::string_view host) {
    return !host.empty() && host.size() <= max_host_size && std::ranges::all_of(host, is_name_character) &&
           host.front() != '.' && host.front() != '-' && host.back() != '.' && host.back() != '-' &&
           host.find("..") == std::string_view::npos;
}

bool is_ipv6_address(std::string_view host) {
    boost::system::error_code error;
    boost::asio::ip::make_address_v6(std::string(host), error);
    // A zone ("%eth0") would name an interface of this machine.
    return !error && host.find('%') == std::string_view::npos;
}

std::optional<std::uint16_t> parse_port(std::string_view digits) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size() || port == 0) {
        return std::nullopt;
    }
    return port;
}

}  // namespace

std::optional<Origin> parse_origin(std::string_view text) {
    Origin origin;
    if (text.starts_with("https://")) {
        text.remove_prefix(8);
    } else if (text.starts_with("http://")) {
        text.remove_prefix(7);
        origin.tls = false;
    } else {
        return std::nullopt;
    }
    const std::uint16_t default_port = origin.tls ? 443 : 80;
    const bool bracketed = text.starts_with('[');
    const auto host_end = bracketed ? text.find(']') : text.find(':');
    if (bracketed && host_end == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view host = bracketed ? text.substr(1, host_end - 1) : text.substr(0, host_end);
    std::ranges::transform(host, std::back_inserter(origin.host), lower);
    if (bracketed ? !is_ipv6_address(origin.host) : !is_host_name(origin.host)) {
        return std::nullopt;
    }
    const std::string_view behind =
        host_end == std::string_view::npos ? std::string_view() : text.substr(host_end + (bracketed ? 1 : 0));
    origin.port = default_port;
    if (!behind.empty()) {
        const auto port = behind.front() == ':' ? parse_port(behind.substr(1)) : std::nullopt;
        if (!port) {
            return std::nullopt;
        }
        origin.port = *port;
    }
    origin.authority = bracketed ? "[" + origin.host + "]" : origin.host;
    if (origin.port != default_port) {
        origin.authority += ":" + std::to_string(origin.port);
    }
    return origin;
}

}  // namespace tributary::http
