#include "services/admin/api_key.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <numeric>

#include "adapters/crypto/random.hpp"
#include "adapters/crypto/sealer.hpp"

using namespace tributary;
using admin::api_key_hash;
using admin::make_api_key;
using admin::parse_scopes;

namespace {

/// Fills with 0, 1, 2 ...
struct CountingRandom final : domain::ports::Random {
    void fill(std::span<std::uint8_t> out) override { std::iota(out.begin(), out.end(), std::uint8_t{0}); }
};

struct OnesRandom final : domain::ports::Random {
    void fill(std::span<std::uint8_t> out) override { std::ranges::fill(out, std::uint8_t{0xFF}); }
};

struct Fixture {
    crypto::SystemRandom random;
    crypto::AesGcmSealer sealer{crypto::SecretKey(std::array<std::uint8_t, 32>{1}), random};
    crypto::AesGcmSealer other{crypto::SecretKey(std::array<std::uint8_t, 32>{2}), random};
};

}  // namespace

TEST_CASE("a key is trb_ and base64url of its 32 random bytes, every bit of them") {
    CountingRandom counting;
    CHECK(make_api_key(counting) == "trb_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
    OnesRandom ones;
    CHECK(make_api_key(ones) == "trb_" + std::string(42, '_') + "8");
}

TEST_CASE_FIXTURE(Fixture, "two keys differ") {
    CHECK(make_api_key(random) != make_api_key(random));
}

TEST_CASE_FIXTURE(Fixture, "a key's hash is 64 hex digits that depend on the key and on the secret") {
    const std::string hash = api_key_hash(sealer, "trb_one");
    CHECK(hash.size() == 64);
    CHECK(hash.find_first_not_of("0123456789abcdef") == std::string::npos);
    CHECK(hash == api_key_hash(sealer, "trb_one"));
    CHECK(hash != api_key_hash(sealer, "trb_two"));
    CHECK(hash != api_key_hash(other, "trb_one"));
}

TEST_CASE_FIXTURE(Fixture, "a key's prefix shows six of its 43 characters") {
    const std::string key = make_api_key(random);
    CHECK(admin::api_key_prefix(key) == key.substr(0, 10));
}

TEST_CASE("scopes are read in their order, each once") {
    CHECK(parse_scopes("read") == std::vector<std::string>{"read"});
    CHECK(parse_scopes("sync,read,sync,admin") == std::vector<std::string>{"sync", "read", "admin"});
}

TEST_CASE("a scope that does not exist is refused by its name, an empty one too") {
    for (const std::string_view text : {"", "write", "read,", ",read", "read, sync", "READ", "read;sync"}) {
        CAPTURE(text);
        const auto scopes = parse_scopes(text);
        REQUIRE_FALSE(scopes);
        CHECK(scopes.error().code == domain::Errc::invalid_input);
        CHECK(scopes.error().detail.find(
                  "there are read, personal, raw, sync, actions, operations and admin") != std::string::npos);
    }
    CHECK(parse_scopes("read,write").error().detail.find("'write'") != std::string::npos);
}
