// Tokens of a trusted issuer instead of API keys: the keys in a file or published over HTTP.

#include <doctest/doctest.h>

#include <algorithm>

#include <chrono>
#include <string>

#include "domain/json/write.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"
#include "tests/support/jwt_signer.hpp"
#include "tests/support/text_server.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

constexpr auto customers = "/v1/customers?page_size=5";

domain::Timestamp now() {
    return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
}

/// A replica of the running system that trusts an issuer.
struct Trusting {
    RunningSystem& system = RunningSystem::synced();
    tests::TemporaryFolder folder;
    tests::JwtSigner signer{tests::JwtAlgorithm::es256, "first"};
    tests::JwtSigner rsa{tests::JwtAlgorithm::rs256, "second"};
    tests::JwtGrant grant;
    ProgramSettings settings = system.settings();

    Trusting() {
        settings.port = tests::free_port();
        settings.admin_port = tests::free_port();
        settings.issuer = grant.issuer;
        settings.audience = grant.audience;
    }

    [[nodiscard]] std::string published() const {
        const json::Object keys[] = {signer.jwk(), rsa.jwk()};
        return tests::jwks_text(keys);
    }

    [[nodiscard]] Api with(const std::string& token) const {
        return {settings.port, token, system.secrets()};
    }

    [[nodiscard]] Answer get(const std::string& token, const std::string& target = customers) const {
        return with(token).get(target);
    }

    [[nodiscard]] std::string token() const { return signer.sign(tests::jwt_claims(grant, now())); }

    [[nodiscard]] std::string token_with(std::string_view claim, json::Value value) const {
        json::Object claims = tests::jwt_claims(grant, now());
        json::set(claims, claim, std::move(value));
        return signer.sign(claims);
    }

    static void check_refused(const Answer& answer, const std::string& says) {
        CHECK(answer.status == 401);
        CHECK(answer.code() == "unauthenticated");
        CHECK(answer.field("WWW-Authenticate") == R"(Bearer error="invalid_token")");
        CHECK_MESSAGE(text(answer.json, "detail").contains(says), text(answer.json, "detail"));
    }
};

}  // namespace

TEST_CASE("a token of an issuer whose keys stand in a file reads what its scopes allow") {
    Trusting trusting;
    trusting.grant.scope = "read personal flying";
    trusting.settings.jwks_file = trusting.folder.file("keys.json", trusting.published());
    const auto service = trusting.system.serve(trusting.settings);
    const Answer read = trusting.get(trusting.token());
    CHECK(read.status == 200);
    CHECK(array(read.json, "items").size() == 5);
    CHECK(json::write(*read.json.find("items")) ==
          json::write(*trusting.system.api().get(customers).json.find("items")));
    CHECK(trusting.get(trusting.rsa.sign(tests::jwt_claims(trusting.grant, now()))).status == 200);
    CHECK(trusting.get(trusting.token_with("tributary_tenant", to_text(trusting.system.tenant()))).status ==
          200);
    CHECK(trusting.get(trusting.token(), "/v1/keys").code() == "missing_scope");
    // Keys go on working beside tokens.
    CHECK(trusting.get(trusting.system.api().credentials().second.substr(7)).status == 200);

    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now().time_since_epoch()).count();
    Trusting::check_refused(trusting.get(trusting.token_with("exp", seconds - 120)), "has expired");
    Trusting::check_refused(trusting.get(trusting.token_with("aud", "other")), "'aud'");
    Trusting::check_refused(trusting.get(trusting.token_with("tributary_tenant", "nobody")), "no tenant");
    const tests::JwtSigner stranger(tests::JwtAlgorithm::es256, "third");
    Trusting::check_refused(trusting.get(stranger.sign(tests::jwt_claims(trusting.grant, now()))),
                            "key is not known");
    const std::string good = trusting.token();
    Trusting::check_refused(trusting.get(good.substr(0, good.size() - 4) + "AAAA"),
                            "The token is not valid.");
    Api api = trusting.with(good);
    CHECK(api.ask("GET", customers, {{"Authorization", "bearer " + good}}).status == 200);
    CHECK(api.ask("GET", customers + ("&access_token=" + good)).status == 401);
    CHECK(
        api.ask("GET", customers, {{"Authorization", "Bearer " + good}, {"Authorization", "Bearer " + good}})
            .status == 400);
    CHECK(service->stop() == 0);
    for (const std::string& log : trusting.system.logs()) {
        CHECK_FALSE(tests::text_of_file(log).contains(good.substr(good.rfind('.'))));
    }
}

TEST_CASE("whoever a token speaks for is `me`, named by its customer's id or by one of its profiles'") {
    Trusting trusting;
    trusting.settings.jwks_file = trusting.folder.file("keys.json", trusting.published());
    const auto service = trusting.system.serve(trusting.settings);
    const json::Value account =
        array(trusting.system.api().get("/v1/accounts?provider=tastytrade&page_size=1").json, "items")
            .front();
    const json::Value access = array(account, "access").front();
    const std::string number = text(account, "number");
    trusting.grant.scope = "read personal raw";
    for (const char* member : {"customer_id", "profile_id"}) {
        CAPTURE(member);
        trusting.grant.customer = text(access, member);
        const std::string token = trusting.token();
        const std::string own = "/v1/customers/" + text(access, "customer_id");
        for (const std::string& rest :
             {std::string(), std::string("/overview"), std::string("/raw"), std::string("/accounts"),
              std::string("/sub-accounts"), std::string("/account-groups"), "/accounts/" + number}) {
            CAPTURE(rest);
            const Answer named = trusting.get(token, own + rest);
            REQUIRE(named.status == 200);
            const Answer mine = trusting.get(token, "/v1/customers/me" + rest);
            CHECK(mine.status == 200);
            CHECK(mine.field("ETag") == named.field("ETag"));
            CHECK(mine.body == named.body);
        }
        CHECK(text(trusting.get(token, "/v1/customers/me/accounts/" + number).json, "id") ==
              text(account, "id"));
    }
    const json::Array accounts =
        array(trusting.system.api().get("/v1/accounts?provider=tastytrade&page_size=50").json, "items");
    const auto others = std::ranges::find_if(accounts, [&access](const json::Value& one) {
        return std::ranges::none_of(array(one, "access"), [&access](const json::Value& holder) {
            return text(holder, "customer_id") == text(access, "customer_id");
        });
    });
    REQUIRE(others != accounts.end());
    for (const char* member : {"number", "id"}) {
        CHECK(trusting.get(trusting.token(), "/v1/customers/me/accounts/" + text(*others, member)).status ==
              404);
    }
    // Whoever comes next to the same place is somebody else.
    for (const char* rest : {"", "/overview", "/accounts"}) {
        CAPTURE(rest);
        const std::string path = "/v1/customers/me" + std::string(rest);
        trusting.grant.customer = text(access, "customer_id");
        const std::string tag = trusting.get(trusting.token(), path).field("ETag");
        trusting.grant.customer = text(array(*others, "access").front(), "customer_id");
        Api next = trusting.with(trusting.token());
        CHECK(next.ask("GET", path, {{"Authorization", "Bearer " + trusting.token()}, {"If-None-Match", tag}})
                  .status == 200);
    }
    for (const char* nobody : {"11111111-2222-5333-8444-555555555555", "not an id"}) {
        trusting.grant.customer = nobody;
        CHECK(trusting.get(trusting.token(), "/v1/customers/me").status == 404);
        CHECK(trusting.get(trusting.token(), "/v1/customers/me/raw").status == 404);
    }
    trusting.grant.customer.clear();
    CHECK(trusting.get(trusting.token(), "/v1/customers/me/raw").code() == "no_customer");
    CHECK(service->stop() == 0);
}

TEST_CASE("a service without an issuer takes no token") {
    Trusting trusting;
    trusting.settings.issuer = trusting.settings.audience = "";
    const auto service = trusting.system.serve(trusting.settings);
    Trusting::check_refused(trusting.get(trusting.token()), "neither an API key nor a token");
    CHECK(service->stop() == 0);
}

TEST_CASE("an issuer that publishes its keys over HTTP is asked once, however many key ids are made up") {
    Trusting trusting;
    tests::TextServer publisher(trusting.published());
    trusting.settings.jwks_url = publisher.origin() + "/keys";
    const auto service = trusting.system.serve(trusting.settings);
    CHECK(trusting.get(trusting.token()).status == 200);
    for (int i = 0; i < 50; ++i) {
        json::Object header = trusting.signer.header();
        json::set(header, "kid", "made up " + std::to_string(i));
        Trusting::check_refused(
            trusting.get(trusting.signer.sign(header, tests::jwt_claims(trusting.grant, now()))),
            "key is not known");
    }
    CHECK(trusting.get(trusting.token()).status == 200);
    CHECK(publisher.asked() == 1);
    CHECK(service->stop() == 0);
}

TEST_CASE("a token cannot be judged while its issuer was never there, and keys work all the same") {
    Trusting trusting;
    trusting.settings.jwks_url = "http://127.0.0.1:" + std::to_string(tests::free_port()) + "/keys";
    const auto service = trusting.system.serve(trusting.settings);
    const Answer answer = trusting.get(trusting.token());
    CHECK(answer.status == 503);
    CHECK(answer.code() == "temporarily_unavailable");
    CHECK_FALSE(answer.field("Retry-After").empty());
    CHECK(trusting.get(trusting.system.api().credentials().second.substr(7)).status == 200);
    CHECK(service->stop() == 0);
}

TEST_CASE("a file without usable keys is found before anything is served") {
    Trusting trusting;
    for (const std::string& content :
         {std::string("{}"), std::string(R"({"keys":[]})"), std::string("nonsense")}) {
        trusting.settings.jwks_file = trusting.folder.file("keys.json", content);
        for (const std::vector<std::string>& words :
             {std::vector<std::string>{"serve"}, std::vector<std::string>{"config", "check"}}) {
            const tests::Finished finished = run_tributary(trusting.settings, words);
            CHECK(finished.code == 78);
            CHECK(finished.error.contains("auth.jwks_file"));
        }
    }
}
