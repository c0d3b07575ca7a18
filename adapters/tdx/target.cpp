#include "adapters/tdx/target.hpp"

namespace tributary::tdx {

namespace {

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
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

}  // namespace tributary::tdx
