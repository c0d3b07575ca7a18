// Whatever text is shown as a token, its claims or its issuer's keys: nothing reads out of bounds, what is
// taken apart can be put together again, and no signature that nobody made is good.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "adapters/jwt/claims.hpp"
#include "adapters/jwt/compact.hpp"
#include "adapters/jwt/key_set.hpp"

using namespace tributary;

namespace {

constexpr std::string_view keys_text =
    R"({"keys":[{"kid":"a","kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},)"
    R"({"kid":"b","kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
    R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})";

void require(bool holds) {
    if (!holds) std::abort();
}

const jwt::KeySet& keys() {
    static const jwt::KeySet set = jwt::KeySet::read(keys_text).value();
    return set;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto token = jwt::read_compact(text, "at+jwt")) {
        require(text.size() <= jwt::longest_token && text.starts_with(token->message));
        for (const char* id : {"a", "b"}) {
            const crypto::TokenKey* key = keys().find(id, token->algorithm);
            require(key == nullptr || !key->verify(token->message, token->signature));
        }
    }
    const domain::Timestamp now(std::chrono::seconds(1'800'000'000));
    if (const auto claims = jwt::read_claims(text, {"i", "a"}, now)) {
        require(!claims->subject.empty() && !claims->tenant.empty());
        require(claims->expires_at + jwt::clock_skew > now);
    }
    if (const auto set = jwt::KeySet::read(text)) {
        require(set->size() <= jwt::most_keys);
    }
    return 0;
}
