#include "adapters/jwt/claims.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "adapters/jwt/strict_json.hpp"
#include "domain/try.hpp"

namespace tributary::jwt {

using domain::Errc;
using domain::Result;
using domain::Timestamp;
using domain::ports::VerifiedToken;

namespace {

constexpr std::size_t longest_text = 1'000;
/// 9999-12-31T23:59:59Z.
constexpr std::int64_t last_second = 253'402'300'799;

std::unexpected<domain::Error> refused(std::string_view claim) {
    return domain::fail(Errc::unauthenticated, "The token's claim '" + std::string(claim) +
                                                   "' is missing or not what this service takes.");
}

/// C0, DEL and, as UTF-8 writes them, C1.
bool has_control(std::string_view text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const auto next = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        if (byte < 0x20 || byte == 0x7F || (byte == 0xC2 && next >= 0x80 && next <= 0x9F)) {
            return true;
        }
    }
    return false;
}

bool is_plain(const std::string* text) {
    return text != nullptr && !text->empty() && text->size() <= longest_text && !has_control(*text);
}

/// Absent where there is no such claim.
Result<std::optional<Timestamp>> time_in(const json::Object& claims, std::string_view name) {
    const json::Value* value = json::find(claims, name);
    if (value == nullptr) {
        return std::nullopt;
    }
    const json::Number* number = value->if_number();
    if (number == nullptr) {
        return refused(name);
    }
    const std::string& text = number->lexeme;
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (error != std::errc{} || end != text.data() + text.size() || seconds < 1 || seconds > last_second) {
        return refused(name);
    }
    return Timestamp(std::chrono::seconds(seconds));
}

bool names_audience(const json::Value* claim, const std::string& ours) {
    const auto is_ours = [&ours](const json::Value& one) {
        return one.if_string() != nullptr && *one.if_string() == ours;
    };
    if (claim == nullptr || claim->if_array() == nullptr) {
        return claim != nullptr && is_ours(*claim);
    }
    const json::Array& all = *claim->if_array();
    const auto is_text = [](const json::Value& one) { return one.if_string() != nullptr; };
    return std::ranges::all_of(all, is_text) && std::ranges::any_of(all, is_ours);
}

Result<Timestamp> check_times(const json::Object& claims, Timestamp now) {
    TRIBUTARY_TRY_LET(expires, time_in(claims, "exp"));
    TRIBUTARY_TRY_LET(begins, time_in(claims, "nbf"));
    TRIBUTARY_TRY_LET(issued, time_in(claims, "iat"));
    if (!expires) {
        return refused("exp");
    }
    if (now >= *expires + clock_skew) {
        return domain::fail(Errc::unauthenticated, "The token has expired; get a new one.");
    }
    if ((begins && now + clock_skew < *begins) || (issued && now + clock_skew < *issued)) {
        return domain::fail(Errc::unauthenticated, "The token is not valid yet.");
    }
    return *expires;
}

Result<std::vector<std::string>> scopes_in(const json::Object& claims) {
    std::vector<std::string> scopes;
    if (json::find(claims, "scope") == nullptr) {
        return scopes;
    }
    const std::string* text = text_in(claims, "scope");
    if (text == nullptr || has_control(*text)) {
        return refused("scope");
    }
    for (std::size_t start = 0; start < text->size();) {
        const std::size_t end = std::min(text->find(' ', start), text->size());
        if (end > start) {
            scopes.push_back(text->substr(start, end - start));
        }
        start = end + 1;
    }
    return scopes;
}

}  // namespace

Result<VerifiedToken> read_claims(std::string_view payload, const ExpectedClaims& expected, Timestamp now) {
    const auto claims = strict_object(payload);
    if (!claims) {
        return domain::fail(Errc::unauthenticated, "The token's claims are no JSON object that can be read.");
    }
    const std::string* issuer = text_in(*claims, "iss");
    if (issuer == nullptr || *issuer != expected.issuer) {
        return refused("iss");
    }
    if (!names_audience(json::find(*claims, "aud"), expected.audience)) {
        return refused("aud");
    }
    if (json::find(*claims, "cnf") != nullptr) {
        return domain::fail(Errc::unauthenticated,
                            "The token is bound to a key of its holder ('cnf'), which is not taken here.");
    }
    TRIBUTARY_TRY_LET(expires, check_times(*claims, now));
    TRIBUTARY_TRY_LET(scopes, scopes_in(*claims));
    const std::string* subject = text_in(*claims, "sub");
    const std::string* tenant = text_in(*claims, expected.tenant_claim);
    const std::string* customer = text_in(*claims, expected.customer_claim);
    if (!is_plain(subject)) {
        return refused("sub");
    }
    if (!is_plain(tenant)) {
        return refused(expected.tenant_claim);
    }
    if (json::find(*claims, expected.customer_claim) != nullptr && !is_plain(customer)) {
        return refused(expected.customer_claim);
    }
    return VerifiedToken{*subject, std::move(scopes), *tenant,
                         customer == nullptr ? std::nullopt : std::optional(*customer), expires};
}

}  // namespace tributary::jwt
