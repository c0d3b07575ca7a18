#include "adapters/jwt/compact.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "adapters/crypto/digest.hpp"
#include "adapters/jwt/strict_json.hpp"

namespace tributary::jwt {

using crypto::TokenAlgorithm;

namespace {

constexpr std::size_t longest_key_id = 256;
constexpr std::array<std::pair<std::string_view, TokenAlgorithm>, 3> algorithms{
    {{"ES256", TokenAlgorithm::es256}, {"RS256", TokenAlgorithm::rs256}, {"EdDSA", TokenAlgorithm::eddsa}}};

bool same_but_case(std::string_view left, std::string_view right) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return std::ranges::equal(left, right, {}, lower, lower);
}

bool is_type(std::string_view found, std::string_view wanted) {
    static constexpr std::string_view prefix = "application/";
    const bool long_form = same_but_case(found.substr(0, prefix.size()), prefix);
    return same_but_case(found, wanted) || (long_form && same_but_case(found.substr(prefix.size()), wanted));
}

std::optional<TokenAlgorithm> algorithm_named(std::string_view name) {
    const auto found =
        std::ranges::find(algorithms, name, &std::pair<std::string_view, TokenAlgorithm>::first);
    return found == algorithms.end() ? std::nullopt : std::optional(found->second);
}

std::unexpected<domain::Error> refused() {
    return domain::fail(domain::Errc::unauthenticated,
                        "The token is malformed, or of a type or algorithm that is not taken.");
}

}  // namespace

domain::Result<CompactToken> read_compact(std::string_view token, std::string_view type) {
    if (token.size() > longest_token) {
        return refused();
    }
    const auto first = std::min(token.find('.'), token.size());
    const auto second = token.find('.', first + 1);
    if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
        return refused();
    }
    const auto header_text = crypto::base64url_decode(token.substr(0, first));
    auto payload = crypto::base64url_decode(token.substr(first + 1, second - first - 1));
    auto signature = crypto::base64url_decode(token.substr(second + 1));
    const auto header = header_text ? strict_object(*header_text) : std::nullopt;
    if (!header || !payload || !signature) {
        return refused();
    }
    const std::string* algorithm_name = text_in(*header, "alg");
    const std::string* found_type = text_in(*header, "typ");
    const std::string* key_id = text_in(*header, "kid");
    const auto algorithm = algorithm_name == nullptr ? std::nullopt : algorithm_named(*algorithm_name);
    if (!algorithm || found_type == nullptr || !is_type(*found_type, type) || key_id == nullptr ||
        key_id->empty() || key_id->size() > longest_key_id || json::find(*header, "crit") != nullptr) {
        return refused();
    }
    return CompactToken{*algorithm, *key_id, token.substr(0, second), std::move(*payload),
                        std::move(*signature)};
}

}  // namespace tributary::jwt
