#include "services/admin/api_key.hpp"

#include <algorithm>
#include <array>

#include "domain/content_hash.hpp"

namespace tributary::admin {

namespace {

/// read: the merged view, personal data masked. personal: the same unmasked. raw: what providers sent, as
/// they sent it. sync: start runs. actions: write to providers. operations: decide about what runs found.
/// admin: connections with their credentials, and API keys.
constexpr std::array<std::string_view, 7> known_scopes{"read",    "personal",   "raw",  "sync",
                                                       "actions", "operations", "admin"};

}  // namespace

std::string make_api_key(domain::ports::Random& random) {
    static constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::array<std::uint8_t, 33> bytes{};
    random.fill(std::span(bytes).first(32));
    std::string key = "trb_";
    for (std::size_t i = 0; i < 43; ++i) {
        const std::size_t bit = i * 6;
        const unsigned pair = static_cast<unsigned>(bytes[bit / 8]) << 8U | bytes[bit / 8 + 1];
        key.push_back(alphabet[(pair >> (10U - bit % 8)) & 0x3FU]);
    }
    return key;
}

std::string api_key_hash(const domain::ports::Sealer& sealer, std::string_view key) {
    return domain::hex_text(sealer.fingerprint("api_key", key));
}

std::string api_key_prefix(std::string_view key) {
    return std::string(key.substr(0, 10));
}

bool is_scope(std::string_view text) {
    return std::ranges::find(known_scopes, text) != known_scopes.end();
}

domain::Result<std::vector<std::string>> parse_scopes(std::string_view text) {
    std::vector<std::string> scopes;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find(',', start), text.size());
        const std::string_view scope = text.substr(start, end - start);
        if (!is_scope(scope)) {
            return domain::fail(
                domain::Errc::invalid_input,
                "'" + std::string(scope) + "' is no scope; there are " + std::string(scope_names) + ".");
        }
        if (std::ranges::find(scopes, scope) == scopes.end()) {
            scopes.emplace_back(scope);
        }
        start = end + 1;
    }
    return scopes;
}

}  // namespace tributary::admin
