#include "adapters/upvest/signature.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <regex>

#include "tests/unit/upvest/fixtures.hpp"
#include "tests/unit/upvest/verifier.hpp"

using namespace tributary;
using namespace tributary::upvest;
using domain::ports::HttpCall;
using tests::at;
using tests::text_at;

namespace {

/// The request of a vector as a caller would make it: what sign() adds and what the transport adds is not
/// there yet.
HttpCall call_of(const json::Value& vector) {
    HttpCall call;
    for (const json::Value& component : *at(vector, "components").if_array()) {
        const std::string& name = *(*component.if_array())[0].if_string();
        const std::string& value = *(*component.if_array())[1].if_string();
        if (name == "@method") {
            call.method = value;
        } else if (name == "@path" || name == "@query") {
            call.target += value;
        } else if (name != "content-length" && name != "content-digest") {
            call.fields.add(name, value);
        }
    }
    if (const std::string* body = at(vector, "body").if_string()) {
        call.body = *body;
    }
    return call;
}

SignatureStamp stamp_of(const json::Value& vector) {
    static const std::regex form(R"re(.*;keyid="(.*)";created=(\d+);expires=(\d+);nonce="(.*)")re");
    std::smatch match;
    const std::string& params = text_at(vector, "signature_params");
    REQUIRE(std::regex_match(params, match, form));
    return {match[1], std::stoll(match[2]), std::stoll(match[3]), match[4]};
}

std::vector<json::Value> v15_vectors() {
    std::vector<json::Value> found;
    const json::Value root = tests::fixture("signature_vectors");
    for (const json::Value& vector : *at(root, "vectors").if_array()) {
        if (text_at(vector, "alg") == "ed25519") {
            found.push_back(vector);
        }
    }
    REQUIRE(found.size() == 3);
    return found;
}

SignatureStamp some_stamp() {
    return {"8d4997a8-cf7a-4e51-adbb-401656a3e5c2", 1'735'689'600, 1'735'689'630, "o085M4cMgpbicuOL"};
}

HttpCall some_get() {
    HttpCall call;
    call.target = "/users?sort=created_at&order=ASC&offset=0&limit=1000";
    call.fields.add("accept", "application/json");
    call.fields.add("authorization", "Bearer token");
    call.fields.add("upvest-api-version", "1");
    call.fields.add("upvest-client-id", "5ec16164-6173-461d-b90d-116d68f55b40");
    return call;
}

void check_round_trip(const crypto::SigningKey& key, crypto::KeyAlgorithm algorithm) {
    REQUIRE(key.algorithm() == algorithm);
    const auto verifier = crypto::VerifyingKey::from_pem(key.public_pem());
    REQUIRE(verifier);
    HttpCall call = some_get();
    sign(call, key, some_stamp());
    CHECK(tests::verify(call, *verifier).good);
    call.target += "0";
    CHECK_FALSE(tests::verify(call, *verifier).good);
}

}  // namespace

TEST_CASE("each published vector comes out byte for byte: components, parameters, base and header fields") {
    const auto key = crypto::SigningKey::from_pem(tests::vector_key_pem());
    REQUIRE(key);
    for (const json::Value& vector : v15_vectors()) {
        CAPTURE(text_at(vector, "name"));
        HttpCall call = call_of(vector);
        sign(call, *key, stamp_of(vector));

        const Components components = components_of(call);
        const auto& expected = *at(vector, "components").if_array();
        REQUIRE(components.size() == expected.size());
        for (std::size_t i = 0; i < expected.size(); ++i) {
            CHECK(components[i].first == *(*expected[i].if_array())[0].if_string());
            CHECK(components[i].second == *(*expected[i].if_array())[1].if_string());
        }
        const std::string params = signature_params(components, stamp_of(vector));
        CHECK(params == text_at(vector, "signature_params"));
        CHECK(signature_base(components, params) == text_at(vector, "signature_base"));

        std::size_t expected_fields = 0;
        for (const json::Entry& header : *at(vector, "headers").if_object()) {
            CAPTURE(header.key);
            if (header.key == "content-length") {
                CHECK(*header.value.if_string() == std::to_string(call.body.size()));
                continue;
            }
            ++expected_fields;
            CHECK(call.fields.find(header.key) == *header.value.if_string());
        }
        CHECK(std::distance(call.fields.begin(), call.fields.end()) ==
              static_cast<std::ptrdiff_t>(expected_fields));
    }
}

TEST_CASE("the content digest of the documentation's two bodies is the documented one") {
    CHECK(
        content_digest(R"({"hello": "world"})") ==
        "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:");
    CHECK(
        content_digest(R"({"key": "value"})") ==
        "sha-512=:Hd9/AvGZkbjitW1+Ml8Fg1ux1mtcDYe6mLQjDyoowIWa3LM/PmwN2v9O+MjtQGrCA3EQWUL54dlgxKHyYbrucw==:");
}

TEST_CASE("an Ed25519 signature verifies and breaks with one byte of the request") {
    const auto key = crypto::SigningKey::from_pem(tests::vector_key_pem());
    REQUIRE(key);
    check_round_trip(*key, crypto::KeyAlgorithm::ed25519);
}

TEST_CASE("a P-521 signature verifies and breaks with one byte of the request") {
    const auto key = crypto::SigningKey::from_pem(tests::new_p521_pem());
    REQUIRE(key);
    check_round_trip(*key, crypto::KeyAlgorithm::ecdsa_p521_sha512);
}

TEST_CASE("a request without a body has no content digest, neither sent nor covered") {
    const auto key = crypto::SigningKey::from_pem(tests::vector_key_pem());
    REQUIRE(key);
    HttpCall call = some_get();
    sign(call, *key, some_stamp());
    CHECK_FALSE(call.fields.find("content-digest").has_value());
    const std::string_view input = call.fields.find("signature-input").value();
    CHECK(input.find("content-") == std::string_view::npos);
    CHECK(call.fields.find("upvest-signature-version") == "15");
}

TEST_CASE("a target without a query covers no query") {
    HttpCall call = some_get();
    call.target = "/users/413715f2-5401-4b97-8055-034a6b879f8c";
    const Components components = components_of(call);
    CHECK(std::ranges::find(components, "@query", &Components::value_type::first) == components.end());
    CHECK(components[1].second == call.target);
}
