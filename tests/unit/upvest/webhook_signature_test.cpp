#include "adapters/upvest/webhook_signature.hpp"

#include <doctest/doctest.h>

#include <random>

#include "adapters/upvest/verify_keys.hpp"
#include "adapters/upvest/webhook_receiver.hpp"
#include "domain/json/write.hpp"
#include "tests/unit/upvest/fixtures.hpp"

using namespace tributary;
using namespace tributary::upvest;
using namespace std::chrono_literals;
using domain::Errc;
using domain::Timestamp;
using domain::ports::HttpRequest;
using domain::ports::WebhookKey;
using tests::at;
using tests::text_at;

namespace {

constexpr Timestamp signed_at{1'735'689'600s};
constexpr auto tolerance = 300s;

struct Vector {
    HttpRequest delivery;
    WebhookKey key;
    std::string base;
};

Vector vector_named(std::string_view name) {
    const json::Value root = tests::fixture("signature_vectors");
    for (const json::Value& vector : *at(root, "vectors").if_array()) {
        if (text_at(vector, "name") != name) continue;
        Vector found;
        found.delivery.method = "POST";
        found.delivery.path = "/webhooks/upvest";
        found.delivery.body = text_at(vector, "body");
        for (const json::Entry& field : *at(vector, "headers").if_object()) {
            found.delivery.fields.add(field.key, *field.value.if_string());
        }
        const auto keys = read_verify_keys(json::write(at(vector, "jwks")));
        REQUIRE(keys);
        REQUIRE(keys->size() == 1);
        found.key = keys->front();
        found.base = text_at(vector, "signature_base");
        return found;
    }
    FAIL("there is no such vector");
    return {};
}

Vector bare() {
    return vector_named("v6-webhook-unquoted");
}

std::string verdict(const HttpRequest& delivery, const WebhookKey& key, Timestamp now = signed_at) {
    const auto verified = UpvestWebhooks().verify(delivery, key, now, tolerance);
    return verified ? "good" : std::string(name_of(verified.error().code));
}

/// The same request with one field replaced, or left out where there is no text.
HttpRequest with_field(const HttpRequest& delivery, std::string_view name,
                       const std::optional<std::string>& text) {
    HttpRequest changed = delivery;
    changed.fields = {};
    for (const auto& [field, value] : delivery.fields) {
        if (field != name) {
            changed.fields.add(field, value);
        } else if (text) {
            changed.fields.add(field, *text);
        }
    }
    return changed;
}

std::string field_of(const HttpRequest& delivery, std::string_view name) {
    return std::string(delivery.fields.find(name).value_or(""));
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const std::size_t place = text.find(from);
    REQUIRE(place != std::string::npos);
    return text.replace(place, from.size(), to);
}

}  // namespace

TEST_CASE("the published vectors verify, with bare names and with quoted ones") {
    for (const char* name : {"v6-webhook-unquoted", "webhook-quoted-variant"}) {
        CAPTURE(name);
        const Vector vector = vector_named(name);
        const auto signature = read_webhook_signature(vector.delivery);
        REQUIRE(signature);
        const auto names =
            std::string_view(name).starts_with("v6") ? ComponentNames::bare : ComponentNames::quoted;
        CHECK(webhook_signature_base(vector.delivery, *signature, names) == vector.base);
        CHECK(verdict(vector.delivery, vector.key) == "good");
        CHECK(UpvestWebhooks().key_id(vector.delivery).value() == vector.key.id);
    }
}

TEST_CASE("a signature of two numbers side by side is read as well") {
    // The two numbers of the first vector, each as 66 bytes.
    const Vector vector = bare();
    const auto signature = read_webhook_signature(vector.delivery);
    REQUIRE(signature);
    const std::string& der = signature->bytes;
    const auto number = [&der](std::size_t place) {
        const auto size = static_cast<std::size_t>(static_cast<unsigned char>(der[place + 1]));
        const std::string digits = der.substr(place + 2, size);
        return std::pair(std::string(66 - size, '\0') + digits, place + 2 + size);
    };
    const auto [r, next] = number(3);
    const auto [s, end] = number(next);
    REQUIRE(end == der.size());
    CHECK(crypto::p521_signature_of_raw(r + s) == der);
    CHECK_FALSE(crypto::p521_signature_of_raw(r));
}

TEST_CASE("whatever of a delivery is altered, it is refused") {
    const Vector vector = bare();
    HttpRequest other = vector.delivery;
    other.body += " ";
    CHECK(verdict(other, vector.key) == "unauthenticated");
    other = vector.delivery;
    other.body = replaced(other.body, "PERSONAL", "BUSINESS");
    CHECK(verdict(other, vector.key) == "unauthenticated");
    other = vector.delivery;
    other.path = "/webhooks/other";
    CHECK(verdict(other, vector.key) == "unauthenticated");
    other = vector.delivery;
    other.method = "PUT";
    CHECK(verdict(other, vector.key) == "unauthenticated");
    other = vector.delivery;
    other.query = "a=b";
    CHECK(verdict(other, vector.key) == "unauthenticated");
    for (const char* name : {"accept", "content-type", "content-length", "digest"}) {
        CAPTURE(name);
        CHECK(verdict(with_field(vector.delivery, name, "x"), vector.key) == "unauthenticated");
        CHECK(verdict(with_field(vector.delivery, name, std::nullopt), vector.key) == "unauthenticated");
        HttpRequest twice = vector.delivery;
        twice.fields.add(name, field_of(vector.delivery, name));
        CHECK(verdict(twice, vector.key) == "unauthenticated");
    }
}

TEST_CASE("a body altered together with its digest is refused") {
    const Vector vector = bare();
    HttpRequest other = vector.delivery;
    other.body = "{}";
    other = with_field(other, "digest", "SHA-256=RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=");
    CHECK(verdict(other, vector.key) == "unauthenticated");
}

TEST_CASE("the parameters are signed too") {
    const Vector vector = bare();
    const std::string input = field_of(vector.delivery, "signature-input");
    for (const auto& [from, to] : {std::pair{"created=1735689600", "created=1735689601"},
                                   {"expires=1735689660", "expires=1735689999"},
                                   {"nonce=\"58", "nonce=\"59"},
                                   {" \"accept\"", ""},
                                   {"\"@method\" \"@path\"", "\"@path\" \"@method\""}}) {
        CAPTURE(from);
        CHECK(verdict(with_field(vector.delivery, "signature-input", replaced(input, from, to)),
                      vector.key) == "unauthenticated");
    }
}

TEST_CASE("method, path and digest have to be covered") {
    const Vector vector = bare();
    const std::string input = field_of(vector.delivery, "signature-input");
    for (const char* component : {"\"@method\" ", "\"@path\" ", " \"digest\""}) {
        CAPTURE(component);
        const auto verified = UpvestWebhooks().verify(
            with_field(vector.delivery, "signature-input", replaced(input, component, "")), vector.key,
            signed_at, tolerance);
        REQUIRE_FALSE(verified);
        CHECK(verified.error().code == Errc::unauthenticated);
        CHECK(verified.error().detail.find("cover") != std::string::npos);
    }
}

TEST_CASE("a delivery is good from its creation to its end, give or take the tolerance") {
    const Vector vector = bare();
    CHECK(verdict(vector.delivery, vector.key, signed_at - 299s) == "good");
    CHECK(verdict(vector.delivery, vector.key, signed_at - 301s) == "unauthenticated");
    CHECK(verdict(vector.delivery, vector.key, signed_at + 60s + 299s) == "good");
    CHECK(verdict(vector.delivery, vector.key, signed_at + 60s + 301s) == "unauthenticated");
}

TEST_CASE("what carries no readable signature is malformed") {
    const Vector vector = bare();
    const auto code = [&vector](std::string_view field, const std::optional<std::string>& text) {
        const auto read = read_webhook_signature(with_field(vector.delivery, field, text));
        return read ? "none" : std::string(name_of(read.error().code));
    };
    const std::string input = field_of(vector.delivery, "signature-input");
    CHECK(code("signature", std::nullopt) == "invalid_input");
    CHECK(code("signature-input", std::nullopt) == "invalid_input");
    for (const std::string& text :
         {std::string(), std::string("sig1"), std::string("sig1=()"), replaced(input, "sig1=", "sig2="),
          replaced(input, ";created=1735689600", ""), replaced(input, "created=1735689600", "created=soon"),
          replaced(input, "created=1735689600", "created=99999999999999999999"),
          replaced(input, "created=1735689600", "created=-1"), replaced(input, ";keyid=", ";kid="),
          input + ";keyid=\"a\"", input + ", sig2=()", input + ";alg=\"none\"",
          input + ";alg=\"hmac-sha256\"", replaced(input, "\"@path\"", "\"@method\""),
          replaced(input, "\"@path\"", "\"@path\";bs"),
          replaced(input, "(",
                   "("
                   "\"" +
                       std::string(300, 'a') + "\" ")}) {
        CAPTURE(text);
        CHECK(code("signature-input", text) == "invalid_input");
    }
    for (const char* text : {"sig1=::", "sig1=:not base64:", "sig1=AAAA", "sig2=:AAAA:", ""}) {
        CAPTURE(text);
        CHECK(code("signature", text) == "invalid_input");
    }
    HttpRequest twice = vector.delivery;
    twice.fields.add("Signature", field_of(vector.delivery, "signature"));
    CHECK_FALSE(read_webhook_signature(twice));
}

TEST_CASE("a key other than the one that signed verifies nothing, whatever it is called") {
    const Vector vector = bare();
    // No point of the curve.
    const auto keys = read_verify_keys(
        R"({"keys":[{"kid":"9ed77463-c18e-4794-ab5c-17423f9b801a","kty":"EC","crv":"P-521",)"
        R"("x":"AMaFjqdGBbcEBAQ5aZ5nL6rqVXQ1LhRR1BzC1C9zTzKfTMjN3mJ1gqW9YcbwNdDlqNTsuSMQ1SMo0bJ3Yy1zW8GC","y":"AA"}]})");
    REQUIRE(keys);
    CHECK(keys->empty());
    WebhookKey renamed = vector.key;
    renamed.id = "another";
    CHECK(verdict(vector.delivery, renamed) == "unauthenticated");
}

TEST_CASE("a key set keeps the keys of the one curve and drops what is no key of it") {
    const Vector vector = bare();
    const std::string x = vector.key.material.substr(0, vector.key.material.find(' '));
    const std::string y = vector.key.material.substr(vector.key.material.find(' ') + 1);
    const auto jwk = [&](const std::string& kid, const std::string& kty, const std::string& curve,
                         const std::string& at_x) {
        return R"({"kid":")" + kid + R"(","kty":")" + kty + R"(","crv":")" + curve + R"(","x":")" + at_x +
               R"(","y":")" + y + R"("})";
    };
    const auto keys =
        read_verify_keys(R"({"keys":[)" + jwk("a", "EC", "P-521", x) + "," + jwk("b", "RSA", "P-521", x) +
                         "," + jwk("c", "EC", "P-256", x) + "," + jwk("", "EC", "P-521", x) + "," +
                         jwk("d", "EC", "P-521", y) + "," + jwk("e", "EC", "P-521", "=") + ",1]}");
    REQUIRE(keys);
    REQUIRE(keys->size() == 1);
    CHECK(keys->front().id == "a");
    CHECK_FALSE(read_verify_keys("{}"));
    CHECK_FALSE(read_verify_keys("no json"));
}

TEST_CASE("no random change of a valid delivery is taken for valid") {
    const Vector vector = bare();
    std::mt19937 dice(20261122);
    const std::vector<std::string> names{"accept", "content-length",  "content-type",
                                         "digest", "signature-input", "signature"};
    int refused = 0;
    for (int i = 0; i < 600; ++i) {
        HttpRequest mutant = vector.delivery;
        const std::size_t part = dice() % (names.size() + 2);
        const auto mutate = [&dice](std::string text) {
            const std::size_t place = dice() % text.size();
            const auto bit = static_cast<char>(1U << (dice() % 7));
            text[place] = static_cast<char>(text[place] ^ bit);
            return text;
        };
        if (part == names.size()) {
            mutant.body = mutate(mutant.body);
        } else if (part == names.size() + 1) {
            mutant.path = mutate(mutant.path);
        } else {
            mutant = with_field(mutant, names[part], mutate(field_of(mutant, names[part])));
        }
        refused += verdict(mutant, vector.key) == "good" ? 0 : 1;
    }
    CHECK(refused == 600);
}
