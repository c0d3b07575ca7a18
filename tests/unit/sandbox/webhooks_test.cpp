// Upvest's webhooks as the sandbox plays them. That the adapter verifies what the sandbox signs shows that
// both read the documents alike; they share no code for it.

#include <doctest/doctest.h>

#include "adapters/crypto/digest.hpp"
#include "adapters/upvest/verify_keys.hpp"
#include "adapters/upvest/webhook_receiver.hpp"
#include "bench.hpp"
#include "domain/json/write.hpp"

using namespace tributary;
using namespace tributary::sandbox;

namespace {

struct Hooked {
    explicit Hooked(const std::string& scope = "webhooks:admin") : token(bench.upvest_token(client, scope)) {}

    HttpReply call(std::string method, std::string_view target, const std::string& body = {}) {
        Headers headers{{"accept", "application/json"},
                        {"authorization", "Bearer " + token},
                        {"upvest-client-id", client.client_id},
                        {"upvest-signature-version", "15"}};
        if (!body.empty()) {
            headers.emplace_back("content-length", std::to_string(body.size()));
            headers.emplace_back("content-type", "application/json");
            headers.emplace_back("content-digest", "sha-512=:" + crypto::base64(crypto::sha512(body)) + ":");
        }
        return bench.upvest(
            bench.upvest_signed(client, make_request(std::move(method), target, headers, body)));
    }

    std::string create(const std::string& url = "https://hooks.example.com/v1") {
        const HttpReply made =
            call("POST", "/webhooks", R"({"title":"Ours","url":")" + url + R"(","type":["USER"]})");
        REQUIRE(made.status == 201);
        return text_at(body_of(made), {"id"});
    }

    Bench bench;
    const UpvestClient& client = bench.world().upvest_clients.front();
    std::string token;
};

HttpRequest delivery_of(const json::Value& sent) {
    HttpRequest delivery;
    delivery.method = text_at(sent, {"method"});
    delivery.path = text_at(sent, {"path"});
    delivery.body = text_at(sent, {"body"});
    for (const json::Entry& field : *at(sent, {"headers"}).if_object()) {
        delivery.fields.add(field.key, *field.value.if_string());
    }
    return delivery;
}

}  // namespace

TEST_CASE_FIXTURE(Hooked,
                  "the adapter verifies what the sandbox signs, with the key that the sandbox lists") {
    const auto keys_now = [this] {
        const auto keys = upvest::read_verify_keys(call("GET", "/auth/verify_keys").body);
        REQUIRE(keys);
        return *keys;
    };
    const auto deliver = [this] {
        const Exchange exchange = bench.sandbox.control_exchange(make_request(
            "POST", "/webhooks", {}, R"({"url":"http://127.0.0.1:1/here","events":[],"deliver":false})"));
        return delivery_of(body_of(exchange.reply));
    };
    const upvest::UpvestWebhooks receiver;
    const HttpRequest first = deliver();
    REQUIRE(keys_now().size() == 1);
    const auto former = keys_now().front();
    CHECK(receiver.verify(first, former, bench.now, std::chrono::seconds(1)));
    bench.sandbox.control_exchange(make_request("POST", "/webhooks/keys", {}, R"({"keep_former":true})"));
    const HttpRequest second = deliver();
    REQUIRE(keys_now().size() == 2);
    CHECK_FALSE(receiver.verify(second, former, bench.now, std::chrono::seconds(1)));
    CHECK(receiver.verify(second, keys_now().back(), bench.now, std::chrono::seconds(1)));
    bench.sandbox.control_exchange(make_request("POST", "/webhooks/keys", {}, R"({"keep_former":false})"));
    CHECK(keys_now().size() == 1);
}

TEST_CASE_FIXTURE(Hooked, "a new subscription is disabled until it is changed, and gone once it is deleted") {
    const std::string id = create();
    CHECK(at(body_of(call("GET", "/webhooks/" + id)), {"enabled"}) == json::Value(false));
    CHECK(call("PATCH", "/webhooks/" + id, R"({"enabled":true})").status == 200);
    CHECK(at(body_of(call("GET", "/webhooks/" + id)), {"enabled"}) == json::Value(true));
    CHECK(array_at(body_of(call("GET", "/webhooks")), {"data"}).size() == 1);
    CHECK(call("DELETE", "/webhooks/" + id).status == 204);
    CHECK(call("GET", "/webhooks/" + id).status == 404);
    CHECK(call("POST", "/webhooks/" + id + "/test").status == 404);
}

TEST_CASE_FIXTURE(Hooked, "a subscription that Upvest would not take is refused") {
    const std::string url = R"("url":"https://a.example")";
    for (const std::string& body :
         {std::string("{}"), R"({"title":"a"})" + std::string(), "{" + url + "}",
          R"({"title":"a_b",)" + url + "}", R"({"title":")" + std::string(33, 'a') + "\"," + url + "}",
          std::string(R"({"title":"a","url":"http://a.example"})"),
          R"({"title":"a","type":["SOMETHING"],)" + url + "}", R"({"title":"a","type":[],)" + url + "}",
          R"({"title":"a","config":{"delay":"31s"},)" + url + "}",
          R"({"title":"a","config":{"max_package_size":99},)" + url + "}",
          R"({"title":"a","more":1,)" + url + "}"}) {
        CAPTURE(body);
        CHECK(call("POST", "/webhooks", body).status == 400);
    }
}

TEST_CASE("webhooks need their scope, and changing them the stronger one") {
    Hooked reader("webhooks:read");
    CHECK(reader.call("GET", "/webhooks").status == 200);
    CHECK(reader.call("GET", "/auth/verify_keys").status == 200);
    CHECK(reader.call("POST", "/webhooks", R"({"title":"a","url":"https://a.example"})").status == 403);
    Hooked other("accounts:read");
    CHECK(other.call("GET", "/webhooks").status == 403);
    CHECK(other.call("GET", "/auth/verify_keys").status == 403);
}
