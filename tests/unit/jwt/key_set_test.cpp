#include "adapters/jwt/key_set.hpp"

#include <doctest/doctest.h>

#include "domain/json/write.hpp"
#include "issuing.hpp"
#include "tests/support/jwt_signer.hpp"

using namespace tributary;
using namespace tributary::jwt;
using crypto::TokenAlgorithm;

namespace {

json::Object changed(json::Object key, std::string_view name, json::Value value) {
    json::set(key, name, std::move(value));
    return key;
}

json::Object without(json::Object key, std::string_view name) {
    std::erase_if(key, [name](const json::Entry& entry) { return entry.key == name; });
    return key;
}

std::size_t usable(const json::Object& key) {
    const json::Object keys[] = {key};
    const auto set = KeySet::read(tests::jwks_text(keys));
    REQUIRE(set);
    return set->size();
}

struct KeyCase {
    std::string name;
    json::Object key;
    std::size_t usable = 0;
};

void check_keys(const std::vector<KeyCase>& cases) {
    for (const KeyCase& one : cases) {
        CAPTURE(one.name);
        CHECK(usable(one.key) == one.usable);
    }
}

}  // namespace

TEST_CASE("a key set gives the keys that verify tokens, by id and algorithm") {
    const Signers& by = Signers::get();
    const auto set = KeySet::read(by.published());
    REQUIRE(set);
    CHECK(set->size() == 3);
    CHECK(set->find("elliptic", TokenAlgorithm::es256) != nullptr);
    CHECK(set->find("elliptic", TokenAlgorithm::rs256) == nullptr);
    CHECK(set->find("nobody", TokenAlgorithm::es256) == nullptr);
}

TEST_CASE("a key that cannot verify tokens is left out, and costs no other its place") {
    const json::Object ec = Signers::get().es256.jwk();
    const json::Object rsa = Signers::get().rs256.jwk();
    const json::Object ed = Signers::get().eddsa.jwk();
    const std::string y = *json::find(ec, "y")->if_string();
    check_keys({
        {"without alg and use", without(without(ec, "alg"), "use"), 1},
        {"with certificates", changed(rsa, "x5c", json::Array{"MIIB"}), 1},
        {"for verifying", changed(ec, "key_ops", json::Array{"verify"}), 1},
        {"for signing", changed(ec, "key_ops", json::Array{"sign"})},
        {"for encryption", changed(rsa, "use", "enc")},
        {"of another algorithm", changed(rsa, "alg", "PS256")},
        {"of HMAC", json::Object{{"kty", "oct"}, {"kid", "a"}, {"k", "AAAA"}, {"alg", "HS256"}}},
        {"of another curve", changed(without(ec, "alg"), "crv", "P-384")},
        {"of a curve for secrets", changed(without(ed, "alg"), "crv", "X25519")},
        {"of another type", changed(without(ec, "alg"), "kty", "RSA")},
        {"private", changed(ec, "d", "AAAA")},
        {"without an id", without(ec, "kid")},
        {"with an empty id", changed(ec, "kid", "")},
        {"beside the curve", changed(ec, "x", y)},
        {"with half a coordinate", changed(ec, "x", y.substr(0, 20))},
        {"with padding", changed(ed, "x", *json::find(ed, "x")->if_string() + "=")},
        {"with too short a point", changed(ed, "x", "AAAA")},
        {"with a small exponent", changed(rsa, "e", "Aw")},
        {"with an even exponent", changed(rsa, "e", "AQAC")},
        {"with an endless exponent", changed(rsa, "e", tests::base64url(std::string(9, '\x7F')))},
        {"with an even modulus", changed(rsa, "n", tests::base64url(std::string(256, '\xF0')))},
        {"with an endless modulus", changed(rsa, "n", tests::base64url(std::string(2'049, '\xFF')))},
        {"without a modulus", without(rsa, "n")},
        {"with a modulus of 1024 bits", tests::JwtSigner(tests::JwtAlgorithm::rs256, "weak", 1'024).jwk()},
        {"with a modulus of 2047 bits", tests::JwtSigner(tests::JwtAlgorithm::rs256, "weak", 2'047).jwk()},
    });
    const json::Object mixed[] = {changed(ec, "d", "AAAA"), ed, json::Object{}};
    CHECK(KeySet::read(tests::jwks_text(mixed))->size() == 1);
}

TEST_CASE("of two keys with one id and algorithm the first one counts") {
    const Signers& by = Signers::get();
    const json::Object keys[] = {by.es256.jwk(), by.false_es256.jwk()};
    const auto set = KeySet::read(tests::jwks_text(keys));
    REQUIRE(set);
    CHECK(set->size() == 1);
    const crypto::TokenKey* key = set->find("elliptic", TokenAlgorithm::es256);
    REQUIRE(key != nullptr);
    CHECK(key->verify("text", by.es256.signature("text")));
    CHECK_FALSE(key->verify("text", by.false_es256.signature("text")));
}

TEST_CASE("a text that is no set of at most 100 keys is refused whole") {
    const json::Object key = Signers::get().es256.jwk();
    const std::string good = tests::jwks_text(std::vector<json::Object>(100, key));
    CHECK(KeySet::read(good));
    for (const std::string& text :
         {std::string(), std::string("[]"), std::string(R"({"keys":{}})"), std::string("<html>"),
          std::string(R"({"keys":[],"keys":[]})"), tests::jwks_text(std::vector<json::Object>(101, key)),
          good + std::string(longest_key_set, ' ')}) {
        CAPTURE(text.substr(0, 60));
        const auto set = KeySet::read(text);
        REQUIRE_FALSE(set);
        CHECK(set.error().code == domain::Errc::contract);
    }
}
