#include "services/api/page_token.hpp"

#include <algorithm>
#include <bit>

#include "domain/content_hash.hpp"

namespace tributary::api {

namespace {

constexpr std::string_view version = "p3";
/// Three numbers and an id.
constexpr std::size_t position_bytes = 8 + 8 + 8 + 16;
/// 128 bits of the keyed hash over question and position.
constexpr std::size_t seal_bytes = 16;
constexpr std::size_t token_size = version.size() + 2 * (position_bytes + seal_bytes);

std::string bytes_of(const PagePosition& position) {
    std::string bytes;
    const std::int64_t micros = position.moment.at.time_since_epoch().count();
    for (const std::int64_t number : {position.moment.number, micros, position.key}) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes.push_back(static_cast<char>(std::bit_cast<std::uint64_t>(number) >> shift & 0xFFU));
        }
    }
    bytes.append(position.after.bytes.begin(), position.after.bytes.end());
    return bytes;
}

std::int64_t number_at(std::string_view bytes, std::size_t at) {
    std::uint64_t number = 0;
    for (const char byte : bytes.substr(at, 8)) {
        number = number << 8U | static_cast<unsigned char>(byte);
    }
    return std::bit_cast<std::int64_t>(number);
}

PagePosition position_of(std::string_view bytes) {
    const domain::Timestamp at(std::chrono::microseconds(number_at(bytes, 8)));
    PagePosition position{{number_at(bytes, 0), at}, number_at(bytes, 16), {}};
    std::ranges::copy(bytes.substr(24, 16), position.after.bytes.begin());
    return position;
}

std::string seal_of(const domain::ports::Sealer& sealer, std::string_view question, std::string_view bytes) {
    return sealer.fingerprint("page_token", std::string(question) + '\x1f' + std::string(bytes))
        .substr(0, seal_bytes);
}

/// Lower-case digits only, so that there is one text for one token.
std::optional<std::string> bytes_of_hex(std::string_view digits) {
    const auto value_of = [](char c) {
        return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        const int high = value_of(digits[i]);
        const int low = value_of(digits[i + 1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        bytes.push_back(static_cast<char>(high << 4 | low));
    }
    return bytes;
}

bool same(std::string_view left, std::string_view right) {
    // Every byte is looked at, so that the time taken tells nothing about where they differ.
    unsigned difference = left.size() == right.size() ? 0 : 1;
    for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) {
        difference |= static_cast<unsigned char>(left[i]) ^ static_cast<unsigned char>(right[i]);
    }
    return difference == 0;
}

}  // namespace

std::string make_page_token(const domain::ports::Sealer& sealer, std::string_view question,
                            const PagePosition& position) {
    const std::string bytes = bytes_of(position);
    return std::string(version) + domain::hex_text(bytes + seal_of(sealer, question, bytes));
}

domain::Result<PagePosition> read_page_token(const domain::ports::Sealer& sealer, std::string_view question,
                                             std::string_view token) {
    const bool shaped = token.size() == token_size && token.starts_with(version);
    const auto bytes = shaped ? bytes_of_hex(token.substr(version.size())) : std::nullopt;
    const std::string_view position = bytes ? std::string_view(*bytes).substr(0, position_bytes) : "";
    if (!bytes ||
        !same(std::string_view(*bytes).substr(position_bytes), seal_of(sealer, question, position))) {
        return domain::fail(
            domain::Errc::invalid_input,
            "This page token is not one of ours for this list with these parameters; start again "
            "without it.",
            "/page_token");
    }
    return position_of(position);
}

}  // namespace tributary::api
