#include <doctest/doctest.h>

#include <set>

#include "adapters/crypto/digest.hpp"
#include "adapters/crypto/signing_key.hpp"
#include "bench.hpp"
#include "tests/sandbox/world/key_pem.hpp"

using namespace tributary;
using namespace tributary::sandbox;

namespace {

/// The v15 example of the published signing rules.
constexpr std::string_view example_input =
    "sig1=(\"@method\" \"@path\" \"@query\" \"accept\" \"authorization\" \"upvest-api-version\" "
    "\"upvest-client-id\")"
    ";keyid=\"8d4997a8-cf7a-4e51-adbb-401656a3e5c2\";created=1735689600;expires=1735689610;nonce="
    "\"o085M4cMgpbicuOL\"";
constexpr std::string_view example_signature =
    "sig1=:QeZGjE6mTqtuvnU/u6pBzSwC+WVCY4azou+MLl5Q6AB/z+rx74KwiaoS0k++sQjcwwgGAIl0bebIZmweawL4AA==:";

struct Called {
    explicit Called(std::size_t groups = 300, std::size_t client_index = 0)
        : bench(groups),
          client(bench.world().upvest_clients[client_index]),
          token(bench.upvest_token(client)) {}

    HttpRequest get(std::string_view target = "/account_groups?limit=10") {
        return make_request("GET", target,
                            {{"accept", "application/json"},
                             {"authorization", "Bearer " + token},
                             {"upvest-client-id", client.client_id},
                             {"upvest-signature-version", "15"}});
    }

    HttpReply send(std::string_view target) { return bench.upvest(bench.upvest_signed(client, get(target))); }

    Bench bench;
    const UpvestClient& client;
    std::string token;
};

}  // namespace

TEST_CASE("the Upvest signature base reproduces the published example") {
    const HttpRequest request =
        make_request("GET", "/account_groups?sort=updated_at&order=ASC&offset=0&limit=1000",
                     {{"accept", "application/json"},
                      {"authorization", "Bearer token.signature"},
                      {"upvest-api-version", "1"},
                      {"upvest-client-id", "5ec16164-6173-461d-b90d-116d68f55b40"}});
    const auto input = parse_signature(example_input, example_signature);
    REQUIRE(input.has_value());
    const auto base = upvest_signature_base(request, *input, SignatureVersion::v15);
    REQUIRE(base.has_value());
    std::string seed;
    for (char byte = 0; byte < 32; ++byte)
        seed.push_back(byte);
    const auto key = crypto::SigningKey::from_pem(ed25519_pem(seed));
    REQUIRE(key.has_value());
    CHECK("sig1=:" + crypto::base64(key->sign(*base)) + ":" == example_signature);
}

TEST_CASE("both Upvest keys, Ed25519 and sealed P-521, open the API") {
    for (const std::size_t client : {0U, 1U}) {
        Called called(300, client);
        CHECK(called.send("/account_groups?limit=10").status == 200);
        CHECK(called.client.private_key_passphrase.empty() == (client == 0));
    }
}

TEST_CASE("Upvest refuses headers outside its contract") {
    Called called;
    const HttpRequest good = called.get();
    const auto reply_to = [&](std::string_view name, std::optional<std::string> value) {
        return called.bench.upvest(called.bench.upvest_signed(called.client, with_header(good, name, value)));
    };
    CHECK(slug_of(called.bench.upvest(with_header(good, "upvest-client-id", std::nullopt))) ==
          "missing_client_id");
    CHECK(reply_to("accept", "*/*").status == 406);
    CHECK(reply_to("accept", "application/json, text/plain").status == 406);
    CHECK(reply_to("upvest-api-version", "2").status == 426);
    CHECK(reply_to("upvest-api-version", "1").status == 200);
    HttpRequest charset = with_header(called.bench.upvest_token_call(called.client, "users:read"),
                                      "content-type", "application/x-www-form-urlencoded; charset=utf-8");
    const HttpReply refused = called.bench.upvest(charset);
    CHECK(refused.status == 400);
    CHECK(refused.fields.find("Content-Type") == "application/problem+json");
    CHECK(refused.fields.find("upvest-request-id").has_value());
}

TEST_CASE("an Upvest signature must be v15, whole, fresh, new and true") {
    Called called;
    const auto refused = [&](const HttpRequest& request) {
        const HttpReply reply = called.bench.upvest(request);
        return reply.status == 401 && slug_of(reply) == "unauthorised";
    };
    const auto resigned = [&](HttpRequest request, std::vector<std::string> components = {}) {
        return called.bench.upvest_signed(called.client, std::move(request), std::move(components));
    };
    CHECK(refused(called.get()));
    CHECK(refused(with_header(resigned(called.get()), "upvest-signature-version", std::nullopt)));
    CHECK(refused(resigned(called.get(), {"@method", "@path", "@query", "accept", "authorization"})));
    CHECK(
        refused(resigned(called.get(), {"@method", "@path", "accept", "authorization", "upvest-client-id"})));
    CHECK(refused(resigned(with_header(called.get(), "x-forwarded-for", "10.0.0.1"))));
    CHECK(refused(resigned(with_header(called.get(), "upvest-signature-version", "15"),
                           {"@method", "@path", "@query", "accept", "authorization", "upvest-client-id",
                            "upvest-signature-version"})));
    CHECK(refused(resigned(with_header(called.get(), "content-digest",
                                       "sha-512=:" + crypto::base64(crypto::sha512("")) + ":"))));
    HttpRequest moved = resigned(called.get());
    moved.query = "limit=11";
    CHECK(refused(moved));
    UpvestClient impostor = called.client;
    impostor.private_key_pem = ed25519_pem(std::string(32, 'x'));
    CHECK(refused(called.bench.upvest_signed(impostor, called.get())));
    const HttpRequest once = resigned(called.get());
    CHECK(called.bench.upvest(once).status == 200);
    CHECK(refused(once));
    const HttpRequest stale = resigned(called.get());
    called.bench.now += std::chrono::seconds(31);
    CHECK(refused(stale));
    CHECK(called.bench.upvest(resigned(called.get())).status == 200);
}

TEST_CASE("Upvest's token call is signed, scoped and answered for half an hour") {
    Called called;
    Bench& bench = called.bench;
    CHECK(bench.upvest(bench.upvest_token_call(called.client, "accounts:read payments:read")).status == 401);
    CHECK(bench
              .upvest(with_header(bench.upvest_token_call(called.client, "users:read"), "signature",
                                  std::nullopt))
              .status == 401);
    HttpRequest tampered = bench.upvest_token_call(called.client, "users:read");
    tampered.body.back() = 'x';
    CHECK(bench.upvest(tampered).status == 401);
    const std::string users_only = bench.upvest_token(called.client, "users:read");
    CHECK(bench.upvest(bench.upvest_get(called.client, "/users?limit=1", users_only)).status == 200);
    const HttpReply forbidden = bench.upvest(bench.upvest_get(called.client, "/account_groups", users_only));
    CHECK(forbidden.status == 403);
    CHECK(slug_of(forbidden) == "forbidden");
    const UpvestClient& other = bench.world().upvest_clients[1];
    CHECK(bench.upvest(bench.upvest_get(other, "/users", users_only)).status == 401);
    CHECK(bench.control("POST", "/clock", R"({"advance_seconds": 1800})").status == 200);
    CHECK(bench.upvest(bench.upvest_get(called.client, "/users", users_only)).status == 401);
}

TEST_CASE("Upvest pages cover the list once in every order and for every limit") {
    Called called(700);
    for (const char* order : {"sort=created_at&order=ASC", "sort=updated_at&order=DESC"}) {
        std::vector<std::string> whole;
        for (const std::size_t limit : {1000U, 97U}) {
            std::vector<std::string> ids;
            std::size_t total = 1;
            while (ids.size() < total) {
                const json::Value page = body_of(called.send("/account_groups?" + std::string(order) +
                                                             "&offset=" + std::to_string(ids.size()) +
                                                             "&limit=" + std::to_string(limit)));
                total = std::stoul(at(page, {"meta", "total_count"}).if_number()->lexeme);
                const json::Array& data = array_at(page, {"data"});
                CHECK(at(page, {"meta", "count"}).if_number()->lexeme == std::to_string(data.size()));
                REQUIRE(!data.empty());
                for (const json::Value& group : data)
                    ids.push_back(text_at(group, {"id"}));
            }
            CHECK(std::set(ids.begin(), ids.end()).size() == 560);
            if (whole.empty()) whole = ids;
            CHECK(ids == whole);
        }
    }
}

TEST_CASE("Upvest refuses list parameters that are out of range") {
    Called called;
    for (const char* query :
         {"limit=0", "limit=1001", "limit=-1", "offset=-1", "offset=x", "sort=id", "order=asc", "sort=%zz"}) {
        const HttpReply reply = called.send("/accounts?" + std::string(query));
        CHECK_MESSAGE(reply.status == 400, query);
        CHECK(slug_of(reply) == "invalid_request");
    }
    const json::Value beyond = body_of(called.send("/accounts?offset=100000&limit=1000"));
    CHECK(array_at(beyond, {"data"}).empty());
}

TEST_CASE("Upvest serves single objects and a user's groups to their own client alone") {
    Called called;
    const json::Value groups = body_of(called.send("/account_groups?limit=1"));
    const std::string group = text_at(array_at(groups, {"data"}).at(0), {"id"});
    CHECK(text_at(body_of(called.send("/account_groups/" + group)), {"id"}) == group);
    const json::Value users = body_of(called.send("/users?limit=1"));
    const std::string user = text_at(array_at(users, {"data"}).at(0), {"id"});
    const json::Value own = body_of(called.send("/users/" + user + "/account_groups?limit=1000"));
    REQUIRE(!array_at(own, {"data"}).empty());
    for (const json::Value& each : array_at(own, {"data"})) {
        CHECK(bool(called.bench.world()
                       .of(Kind::upvest_account_group)
                       .find(text_at(each, {"id"}))
                       ->text.find(user) != std::string::npos));
    }
    for (const char* nothing : {"/users/x", "/users/x/account_groups", "/accounts/x", "/nowhere"}) {
        CHECK(called.send(nothing).status == 404);
    }
    const UpvestClient& other = called.bench.world().upvest_clients[1];
    const std::string token = called.bench.upvest_token(other);
    CHECK(called.bench.upvest(called.bench.upvest_get(other, "/account_groups/" + group, token)).status ==
          404);
}
