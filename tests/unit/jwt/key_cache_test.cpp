#include "adapters/jwt/key_cache.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>

#include "issuing.hpp"

using namespace tributary;
using namespace tributary::jwt;
using namespace std::chrono_literals;

namespace {

struct Cached : Issuing {
    /// What a token of this signer meets: "" where it is good.
    std::string meets(const tests::JwtSigner& signer) {
        const auto verified = verify(signer.sign(claims()));
        return verified ? "" : verified.error().detail;
    }

    void publish(const tests::JwtSigner& signer) { published = tests::jwks_text(signer); }
};

}  // namespace

TEST_CASE_FIXTURE(Cached, "the issuer's keys are fetched once and remembered") {
    CHECK(meets(by.es256).empty());
    CHECK(meets(by.eddsa).empty());
    CHECK(meets(by.es256).empty());
    CHECK(fetches == 1);
}

TEST_CASE_FIXTURE(Cached, "all who wait for the keys share one fetch") {
    int good = 0;
    for (int i = 0; i < 50; ++i) {
        boost::asio::co_spawn(
            io, verifier.verify(by.es256.sign(claims())),
            [&good](std::exception_ptr, const auto& verified) { good += verified ? 1 : 0; });
    }
    io.run();
    CHECK(good == 50);
    CHECK(fetches == 1);
}

TEST_CASE_FIXTURE(Cached, "any number of unknown key ids cost one fetch a minute") {
    for (int i = 0; i < 500; ++i) {
        json::Object header = by.es256.header();
        json::set(header, "kid", "unknown " + std::to_string(i));
        CHECK_FALSE(verify(by.es256.sign(header, claims())));
        clock.steady += 100ms;
    }
    CHECK(fetches == 1);
    clock.steady += 60s;
    CHECK(meets(by.false_rs256) == not_valid);
    CHECK(fetches == 1);
    CHECK(meets(tests::JwtSigner(tests::JwtAlgorithm::eddsa, "new")).contains(unknown_key));
    CHECK(fetches == 2);
}

TEST_CASE_FIXTURE(Cached,
                  "a new key is found when its first token comes, and one that left the set is refused") {
    const tests::JwtSigner next(tests::JwtAlgorithm::eddsa, "next");
    publish(by.es256);
    CHECK(meets(by.es256).empty());
    clock.steady += 2min;
    publish(next);
    CHECK(meets(next).empty());
    CHECK(fetches == 2);
    CHECK(meets(by.es256).contains(unknown_key));
    CHECK(meets(next).empty());
    CHECK(fetches == 2);
}

TEST_CASE_FIXTURE(Cached, "a key that the issuer took back is refused within the hour") {
    CHECK(meets(by.es256).empty());
    publish(by.eddsa);
    clock.steady += 1h - 1ms;
    CHECK(meets(by.es256).empty());
    CHECK(fetches == 1);
    clock.steady += 1ms;
    CHECK(meets(by.es256).contains(unknown_key));
    CHECK(fetches == 2);
    published = R"({"keys":[]})";
    clock.steady += 1h;
    CHECK(meets(by.eddsa).contains(unknown_key));
}

TEST_CASE_FIXTURE(Cached, "known keys stay good while the issuer is away or answers nonsense") {
    CHECK(meets(by.es256).empty());
    away = true;
    clock.steady += 2h;
    CHECK(meets(by.es256).empty());
    CHECK(meets(by.eddsa).empty());
    CHECK(fetches == 2);
    away = false;
    published = "<html>";
    clock.steady += 2min;
    CHECK(meets(by.es256).empty());
    CHECK(fetches == 3);
    publish(by.eddsa);
    clock.steady += 2min;
    CHECK(meets(by.eddsa).empty());
    CHECK(meets(by.es256).contains(unknown_key));
    CHECK(fetches == 4);
}

TEST_CASE_FIXTURE(Cached, "nothing is judged before the issuer's keys were ever had") {
    away = true;
    const auto verified = verify(by.es256.sign(claims()));
    REQUIRE_FALSE(verified);
    CHECK(verified.error().code == domain::Errc::unavailable);
    away = false;
    clock.steady += 1min;
    CHECK(meets(by.es256).empty());
    CHECK(fetches == 2);
}
