// Valid tokens, altered: none may pass. 2,000 of them, or 100,000 where TRIBUTARY_CHECK_FULL=1.
#include <doctest/doctest.h>

#include <random>
#include <set>

#include "adapters/crypto/digest.hpp"
#include "issuing.hpp"
#include "tests/support/full_check.hpp"

using namespace tributary;
using namespace tributary::jwt;

namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

class Mutator {
  public:
    explicit Mutator(std::vector<std::string> tokens) : tokens_(std::move(tokens)) {}

    std::string next() {
        std::string token = any_token();
        const std::size_t changes = 1 + below(3);
        for (std::size_t i = 0; i < changes; ++i) {
            change(token);
        }
        return token;
    }

  private:
    std::size_t below(std::size_t end) {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
    }

    const std::string& any_token() { return tokens_[below(tokens_.size())]; }

    void change(std::string& token) {
        if (token.empty()) {
            return;
        }
        const std::size_t at = below(token.size());
        switch (below(8)) {
            case 0:  // another digit of the alphabet
                token[at] = digits[below(digits.size())];
                break;
            case 1:  // a bit
                token[at] = static_cast<char>(token[at] ^ (1 << below(8)));
                break;
            case 2:
                token.erase(at, 1 + below(4));
                break;
            case 3:
                token.insert(at, 1, digits[below(digits.size())]);
                break;
            case 4:
                token.resize(at);
                break;
            case 5:
                std::swap(token[at], token[below(token.size())]);
                break;
            case 6:
                splice(token);
                break;
            default:
                change_inside(token);
                break;
        }
    }

    /// One part out of another good token.
    void splice(std::string& token) {
        std::vector<std::string> parts = parts_of(token);
        const std::vector<std::string> others = parts_of(any_token());
        const std::size_t part = below(3);
        if (parts.size() == 3) {
            parts[part] = others[part];
            token = parts[0] + "." + parts[1] + "." + parts[2];
        }
    }

    /// A byte of what a part means, written as it should be.
    void change_inside(std::string& token) {
        std::vector<std::string> parts = parts_of(token);
        const std::size_t part = below(parts.size());
        auto bytes = crypto::base64url_decode(parts[part]);
        if (!bytes || bytes->empty() || parts.size() != 3) {
            return;
        }
        char& byte = (*bytes)[below(bytes->size())];
        byte = static_cast<char>(byte ^ (1 << below(8)));
        parts[part] = tests::base64url(*bytes);
        token = parts[0] + "." + parts[1] + "." + parts[2];
    }

    static std::vector<std::string> parts_of(const std::string& token) {
        std::vector<std::string> parts{""};
        for (const char c : token) {
            if (c == '.') {
                parts.emplace_back();
            } else {
                parts.back() += c;
            }
        }
        return parts;
    }

    std::vector<std::string> tokens_;
    std::mt19937_64 random_{20'261'122};
};

}  // namespace

TEST_CASE_FIXTURE(Issuing, "no altered token is accepted") {
    std::vector<std::string> good;
    for (const char* scope : {"read", "read personal", "admin"}) {
        for (const tests::JwtSigner* signer : {&by.es256, &by.rs256, &by.eddsa}) {
            good.push_back(signer->sign(claims({{"scope", scope}})));
        }
    }
    for (const std::string& token : good) {
        REQUIRE(verify(token));
    }
    const std::set<std::string> untouched(good.begin(), good.end());
    Mutator mutator(good);
    const int wanted = tests::full_or(100'000, 2'000);
    int tried = 0;
    int accepted = 0;
    while (tried < wanted) {
        const std::string token = mutator.next();
        if (untouched.contains(token)) {
            continue;
        }
        ++tried;
        const auto verified = verify(token);
        if (verified) {
            ++accepted;
        } else if (verified.error().code != domain::Errc::unauthenticated) {
            FAIL_CHECK("refused for another reason than the token: ", verified.error().detail);
        }
    }
    CHECK(accepted == 0);
    CHECK(fetches == 1);
}
