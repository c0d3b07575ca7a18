#include "adapters/tastytrade/token.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "adapters/decode/object_reader.hpp"
#include "domain/json/parse.hpp"

namespace tributary::tastytrade {

namespace {

constexpr std::chrono::seconds assumed_lifetime{900};
constexpr std::chrono::seconds longest_lifetime{24 * 60 * 60};

/// RFC 6750 allows fewer; what matters is that nothing can end the header line.
bool fits_a_header(std::string_view token) {
    return !token.empty() && std::ranges::all_of(token, [](char c) { return c > 0x20 && c < 0x7f; });
}

}  // namespace

domain::Result<Token> parse_token(std::string_view body) {
    const domain::Result<json::Parsed> parsed = json::parse(body, 1000);
    if (!parsed || parsed->root.if_object() == nullptr) {
        return domain::fail(domain::Errc::contract, "tastytrade's answer for the token is no JSON object.");
    }
    std::vector<domain::DriftNote> unheeded;
    decode::ObjectReader reader(*parsed->root.if_object(), "", unheeded);
    const domain::Field<std::string> access = reader.text("access_token");
    if (!access.has_value() || !fits_a_header(access.value())) {
        return domain::fail(domain::Errc::contract,
                            "tastytrade's answer for the token has no usable `access_token`.");
    }
    const domain::Field<std::int64_t> lifetime = reader.integer("expires_in");
    Token token{.access_token = access.value(), .lifetime = assumed_lifetime, .refresh_token = {}};
    if (lifetime.has_value() && lifetime.value() > 0) {
        token.lifetime =
            std::chrono::seconds(std::min<std::int64_t>(lifetime.value(), longest_lifetime.count()));
    }
    const domain::Field<std::string> rotated = reader.text("refresh_token");
    if (rotated.has_value() && !rotated.value().empty()) {
        token.refresh_token = rotated.value();
    }
    return token;
}

}  // namespace tributary::tastytrade
