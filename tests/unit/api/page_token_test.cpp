#include "services/api/page_token.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "adapters/crypto/random.hpp"
#include "adapters/crypto/sealer.hpp"

using namespace tributary;
using api::make_page_token;
using api::PagePosition;
using api::read_page_token;

namespace {

struct Fixture {
    crypto::SystemRandom random;
    crypto::AesGcmSealer sealer{crypto::SecretKey(std::array<std::uint8_t, 32>{1}), random};
    crypto::AesGcmSealer other{crypto::SecretKey(std::array<std::uint8_t, 32>{2}), random};
    const PagePosition position{{4711, domain::Timestamp(std::chrono::microseconds(17))},
                                1'790'000'000'000'000,
                                domain::named_uuid({}, "last")};
    const std::string token = make_page_token(sealer, "tenant\x1f/v1/customers", position);

    void check_refused(std::string_view question, std::string_view text) const {
        CAPTURE(text);
        const auto read = read_page_token(sealer, question, text);
        REQUIRE_FALSE(read);
        CHECK(read.error().code == domain::Errc::invalid_input);
        CHECK(read.error().pointer == "/page_token");
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a token gives back its position, whatever the commit number") {
    for (const std::int64_t commit :
         {std::int64_t{0}, std::int64_t{1}, std::numeric_limits<std::int64_t>::max()}) {
        for (const std::int64_t key : {std::int64_t{-1}, std::int64_t{0}, position.key}) {
            const PagePosition made{{commit, position.moment.at}, key, position.after};
            const auto read = read_page_token(sealer, "question", make_page_token(sealer, "question", made));
            REQUIRE(read);
            CHECK(*read == made);
        }
    }
}

TEST_CASE_FIXTURE(Fixture, "a token stands in a link without escapes") {
    CHECK(token.find_first_not_of("0123456789abcdefp") == std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "a token with any bit of any byte altered is refused") {
    for (std::size_t i = 0; i < token.size(); ++i) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string altered = token;
            altered[i] = static_cast<char>(altered[i] ^ (1 << bit));
            check_refused("tenant\x1f/v1/customers", altered);
        }
    }
}

TEST_CASE_FIXTURE(Fixture, "a token cut short or made longer is refused") {
    for (std::size_t i = 0; i < token.size(); ++i) {
        check_refused("tenant\x1f/v1/customers", token.substr(0, i));
    }
    for (const char* more : {"0", ".", ".00", "\n"}) {
        check_refused("tenant\x1f/v1/customers", token + more);
    }
}

TEST_CASE_FIXTURE(Fixture, "a token is good for its own question only") {
    REQUIRE(read_page_token(sealer, "tenant\x1f/v1/customers", token));
    check_refused("tenant\x1f/v1/accounts", token);
    check_refused("stranger\x1f/v1/customers", token);
    check_refused("tenant\x1f/v1/customers\x1fremoved", token);
    check_refused("", token);
}

TEST_CASE_FIXTURE(Fixture, "a token made under another key is refused") {
    CHECK_FALSE(read_page_token(other, "tenant\x1f/v1/customers", token));
}
