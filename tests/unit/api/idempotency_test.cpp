#include "services/api/idempotency.hpp"

#include <doctest/doctest.h>

#include "domain/content_hash.hpp"
#include "services/api/router.hpp"

using namespace tributary;
using api::Endpoint;

namespace {

class HashSealer final : public domain::ports::Sealer {
  public:
    [[nodiscard]] std::string seal(std::string_view, std::string_view) override { return {}; }

    [[nodiscard]] domain::Result<std::string> open(std::string_view, std::string_view) const override {
        return std::string();
    }

    [[nodiscard]] std::string fingerprint(std::string_view purpose, std::string_view text) const override {
        return domain::content_hash(std::string(purpose) + "|" + std::string(text));
    }
};

std::string refusal_of(std::vector<std::string> keys, Endpoint endpoint = Endpoint::put_preferences) {
    domain::ports::HttpFields fields;
    for (std::string& key : keys) {
        fields.add("idempotency-key", std::move(key));
    }
    const auto refused = api::refuse_idempotency_key(endpoint, fields);
    if (!refused) return "none";
    CHECK(refused->status == 400);
    const auto begin = refused->body.find(R"("code":")") + 8;
    return refused->body.substr(begin, refused->body.find('"', begin) - begin);
}

api::RequestContext context() {
    api::RequestContext made;
    made.principal.tenant = domain::named_uuid({}, "tenant");
    made.principal.label = "API key 1";
    made.idempotency_key = "key";
    made.method = "PUT";
    made.path = "/v1/profiles/1/preferences";
    made.body = R"({"language":"german"})";
    return made;
}

}  // namespace

TEST_CASE("exactly what asks for the scope of actions needs an idempotency key") {
    for (const api::Route& route : api::routes()) {
        CAPTURE(api::template_of(route));
        CHECK(api::needs_idempotency_key(route.endpoint) == (route.scope == "actions"));
    }
}

TEST_CASE("a key is one field of 1 to 255 visible ASCII characters") {
    CHECK(refusal_of({"6b1f2a34-0d57-4a53-9a3c-0c5a6b7d8e9f"}) == "none");
    CHECK(refusal_of({"!"}) == "none");
    CHECK(refusal_of({std::string(255, '~')}) == "none");
    CHECK(refusal_of({}) == "missing_idempotency_key");
    for (const std::string& bad : {std::string(), std::string(256, 'a'), std::string("a b"),
                                   std::string("a\tb"), std::string("\xc3\xa4"), std::string("\x7f")}) {
        CAPTURE(bad);
        CHECK(refusal_of({bad}) == "invalid_idempotency_key");
    }
    CHECK(refusal_of({"a", "b"}) == "invalid_idempotency_key");
    CHECK(refusal_of({}, Endpoint::actions) == "none");
}

TEST_CASE("a key is another one for another caller, and never meets theirs by what it holds") {
    const HashSealer sealer;
    const std::string mine = api::idempotency_hash(sealer, context());
    CHECK(mine.size() == 128);
    auto other = context();
    other.principal.label = "API key 2";
    CHECK(api::idempotency_hash(sealer, other) != mine);
    other = context();
    other.principal.tenant = domain::named_uuid({}, "another tenant");
    CHECK(api::idempotency_hash(sealer, other) != mine);
    other = context();
    other.principal.label = "API key";
    other.idempotency_key = "1key";
    CHECK(api::idempotency_hash(sealer, other) != mine);
}

TEST_CASE("a request is known by its method, path and body, not by the white space in it") {
    const HashSealer sealer;
    const std::string first = api::request_fingerprint(sealer, context());
    auto other = context();
    other.body = "{ \"language\":\n\"german\" }";
    CHECK(api::request_fingerprint(sealer, other) == first);
    other.body = R"({"language":"french"})";
    CHECK(api::request_fingerprint(sealer, other) != first);
    other = context();
    other.path += "/";
    CHECK(api::request_fingerprint(sealer, other) != first);
    other = context();
    other.method = "POST";
    CHECK(api::request_fingerprint(sealer, other) != first);
}
