#include "adapters/crypto/sealer.hpp"

#include <doctest/doctest.h>
#include <openssl/err.h>

#include <algorithm>
#include <set>

#include "adapters/crypto/digest.hpp"
#include "adapters/crypto/random.hpp"

using namespace tributary::crypto;
using tributary::domain::Errc;

namespace {

SecretKey key_of(std::uint8_t byte) {
    std::array<std::uint8_t, SecretKey::size> bytes{};
    bytes.fill(byte);
    return SecretKey(bytes);
}

struct Fixture {
    SystemRandom random;
    AesGcmSealer sealer{key_of(7), random};
};

void check_refused(const AesGcmSealer& sealer, std::string_view sealed, std::string_view context) {
    const auto opened = sealer.open(sealed, context);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Errc::configuration);
    CHECK(ERR_peek_error() == 0);
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "a sealed text opens in its own context, whatever its bytes and length") {
    for (const std::string& plain :
         {std::string(), std::string("secret"), std::string("\0\xFF\0", 3), std::string(100'000, 'x')}) {
        const std::string sealed = sealer.seal(plain, "tenant/connection");
        CHECK(std::ranges::all_of(sealed, [](char c) { return c > ' ' && c < '\x7F'; }));
        const auto opened = sealer.open(sealed, "tenant/connection");
        REQUIRE(opened);
        CHECK(*opened == plain);
    }
}

TEST_CASE_FIXTURE(Fixture, "the same text sealed twice gives two texts") {
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        seen.insert(sealer.seal("secret", "place"));
    }
    CHECK(seen.size() == 1000);
}

TEST_CASE_FIXTURE(Fixture, "a sealed text does not open in another context") {
    const std::string sealed = sealer.seal("secret", "tenant a");
    check_refused(sealer, sealed, "tenant b");
    check_refused(sealer, sealed, "");
}

TEST_CASE_FIXTURE(Fixture, "a sealed text altered in any byte, cut or extended does not open") {
    const std::string sealed = sealer.seal("secret", "place");
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string altered = sealed;
            altered[i] = static_cast<char>(altered[i] ^ (1 << bit));
            check_refused(sealer, altered, "place");
        }
        check_refused(sealer, sealed.substr(0, i), "place");
    }
    check_refused(sealer, sealed + "AAAA", "place");
}

TEST_CASE_FIXTURE(Fixture, "a text sealed under another key is named as such and not called altered") {
    AesGcmSealer other(key_of(8), random);
    const auto opened = sealer.open(other.seal("secret", "place"), "place");
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Errc::configuration);
    CHECK(opened.error().detail.find("another key") != std::string::npos);
    CHECK(opened.error().detail.find(sealer.key_id()) != std::string::npos);
}

TEST_CASE_FIXTURE(Fixture, "a sealer made again from the same key opens what the first sealed") {
    AesGcmSealer again(key_of(7), random);
    CHECK(again.open(sealer.seal("secret", "place"), "place") == "secret");
}

TEST_CASE_FIXTURE(Fixture, "fingerprints depend on key, purpose and text, and on nothing else") {
    AesGcmSealer other(key_of(8), random);
    const std::string print = sealer.fingerprint("email", "a@example.org");
    CHECK(print.size() == 32);
    CHECK(print == sealer.fingerprint("email", "a@example.org"));
    CHECK(print != sealer.fingerprint("email", "b@example.org"));
    CHECK(print != sealer.fingerprint("phone", "a@example.org"));
    CHECK(print != other.fingerprint("email", "a@example.org"));
    CHECK(sealer.fingerprint("ab", "c") != sealer.fingerprint("a", "bc"));
}

TEST_CASE("derived keys are HKDF-SHA256 without salt") {
    // Computed with `openssl kdf` for 32 bytes of 7.
    CHECK(hex(key_of(7).derive("tributary sealing v1").bytes()) ==
          "a9951fa1f2857aedd8d4a87fa183b62dadb1f1e7e59bf680d74895a80c9e9c64");
    CHECK(key_of(7).derive("a").bytes() != key_of(7).derive("b").bytes());
}

TEST_CASE("system randomness fills the whole span and does not repeat") {
    SystemRandom random;
    std::array<std::uint8_t, 32> first{};
    std::array<std::uint8_t, 32> second{};
    random.fill(first);
    random.fill(second);
    CHECK(first != second);
    CHECK(std::ranges::count(first, 0) < 16);
    random.fill({});
}
