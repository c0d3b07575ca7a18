// API keys over REST and on the command line: made, listed, rotated, revoked.

#include <doctest/doctest.h>

#include <string>

#include "domain/json/write.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

constexpr auto customers = "/v1/customers?page_size=1";

json::Object scopes(json::Array names) {
    return {{"scopes", std::move(names)}};
}

/// A key of the tenant that may read, made by its administrator.
Answer made(RunningSystem& system, json::Array names = {"read"}) {
    Answer answer = system.api().post("/v1/keys", scopes(std::move(names)));
    REQUIRE_MESSAGE(answer.status == 201, answer.body.substr(0, 200));
    return answer;
}

void check_refused(const Answer& answer, int status, const std::string& code,
                   const std::string& pointer = "") {
    CAPTURE(answer.body.substr(0, 300));
    CHECK(answer.status == status);
    CHECK(answer.code() == code);
    CHECK(answer.pointer() == pointer);
}

/// The key as the list shows it, page by page.
json::Value listed(RunningSystem& system, const std::string& id) {
    for (const json::Value& key : system.api().list("/v1/keys", 3)) {
        if (text(key, "id") == id) return key;
    }
    return {};
}

}  // namespace

TEST_CASE("a key made over REST is shown once, works, and stops at once when it is revoked") {
    RunningSystem& system = RunningSystem::get();
    json::Object asked = scopes({"read", "sync"});
    json::set(asked, "expires_in_days", 30);
    const Answer answer = system.api().post("/v1/keys", asked);
    REQUIRE(answer.status == 201);
    CHECK(answer.field("Cache-Control") == "no-store");
    const std::string id = text(answer.json, "id");
    const std::string key = text(answer.json, "key");
    CHECK(key.starts_with("trb_"));
    CHECK(key.starts_with(text(answer.json, "prefix")));
    Api reader = system.api_with(key);
    CHECK(reader.get(customers).status == 200);

    const json::Value shown = listed(system, id);
    CHECK(json::write(*shown.find("scopes")) == R"(["read","sync"])");
    CHECK(text(shown, "expires_at") == text(answer.json, "expires_at"));
    CHECK(shown.find("revoked_at")->is_null());
    CHECK(json::write(system.api().list("/v1/keys", 1000)).find(key) == std::string::npos);

    const Answer revoked = system.api().remove("/v1/keys/" + id);
    CHECK(revoked.status == 200);
    CHECK_FALSE(text(revoked.json, "revoked_at").empty());
    const Answer after = reader.get(customers);
    check_refused(after, 401, "unauthenticated");
    CHECK(after.field("WWW-Authenticate") == R"(Bearer error="invalid_token")");
    CHECK(text(system.api().remove("/v1/keys/" + id).json, "revoked_at") == text(revoked.json, "revoked_at"));
}

TEST_CASE("nobody grants a scope that they lack, by a new key or by rotating another's") {
    RunningSystem& system = RunningSystem::get();
    Api administrator = system.api_with(text(made(system, {"admin", "read"}).json, "key"));
    check_refused(administrator.post("/v1/keys", scopes({"read", "personal"})), 403, "missing_scope");
    CHECK(administrator.post("/v1/keys", scopes({"read"})).status == 201);
    const std::string richer = text(made(system, {"read", "operations"}).json, "id");
    check_refused(administrator.post("/v1/keys/" + richer + "/rotate"), 403, "missing_scope");
    CHECK(listed(system, richer).find("replaced_by")->is_null());
    Api reader = system.api_with(text(made(system).json, "key"));
    check_refused(reader.get("/v1/keys"), 403, "missing_scope");
    check_refused(reader.remove("/v1/keys/" + richer), 403, "missing_scope");
}

TEST_CASE("a rotated key goes on for its grace beside the new one, and without grace it ends") {
    RunningSystem& system = RunningSystem::get();
    const Answer first = made(system, {"read", "sync"});
    Api old = system.api_with(text(first.json, "key"));
    const std::string path = "/v1/keys/" + text(first.json, "id");
    CHECK(old.get(customers).status == 200);
    const Answer second = system.api().post(path + "/rotate");
    REQUIRE(second.status == 201);
    CHECK(json::write(*second.json.find("scopes")) == R"(["read","sync"])");
    CHECK(system.api_with(text(second.json, "key")).get(customers).status == 200);
    CHECK(old.get(customers).status == 200);
    const json::Value ending = listed(system, text(first.json, "id"));
    CHECK(text(ending, "replaced_by") == text(second.json, "id"));
    CHECK_FALSE(text(ending, "expires_at").empty());
    check_refused(system.api().post(path + "/rotate"), 409, "conflict");

    Api brief = system.api_with(text(second.json, "key"));
    const Answer third =
        system.api().post("/v1/keys/" + text(second.json, "id") + "/rotate", json::Object{{"grace", "0s"}});
    REQUIRE(third.status == 201);
    check_refused(brief.get(customers), 401, "unauthenticated");
    CHECK(system.api_with(text(third.json, "key")).get(customers).status == 200);
}

TEST_CASE("a key is rotated on the command line") {
    RunningSystem& system = RunningSystem::get();
    const std::string id = text(made(system).json, "id");
    const json::Value rotated =
        system.command({"key", "rotate", id, "--tenant", "main", "--grace", "1h", "--json"});
    CHECK(system.api_with(text(rotated, "key")).get(customers).status == 200);
    CHECK(text(listed(system, id), "replaced_by") == text(rotated, "id"));
    for (const std::vector<std::string>& wrong :
         {std::vector<std::string>{"key", "rotate", id, "--tenant", "main"},
          std::vector<std::string>{"key", "rotate", "nonsense", "--tenant", "main"},
          std::vector<std::string>{"key", "rotate", text(rotated, "id"), "--tenant", "main", "--grace",
                                   "1d"}}) {
        const tests::Finished finished = run_tributary(system.settings(), wrong);
        CHECK(finished.code != 0);
        CHECK(finished.out.empty());
    }
}

TEST_CASE("a request about keys is refused by what is wrong with it") {
    RunningSystem& system = RunningSystem::get();
    Api& api = system.api();
    check_refused(api.post("/v1/keys", json::Object{}), 400, "invalid_request", "/scopes");
    check_refused(api.post("/v1/keys", scopes({"connections"})), 400, "invalid_request", "/scopes/0");
    json::Object named = scopes({"read"});
    json::set(named, "name", "mine");
    check_refused(api.post("/v1/keys", named), 400, "invalid_request", "/name");
    const auto bearer = api.credentials();
    check_refused(api.ask("POST", "/v1/keys", {bearer}, R"({"scopes":["read"]})"), 415,
                  "unsupported_media_type");
    check_refused(api.ask("POST", "/v1/keys", {bearer, {"Content-Type", "application/json"}},
                          R"({"scopes":["read"],"scopes":["admin"]})"),
                  400, "invalid_request", "/scopes");
    const std::string path = "/v1/keys/" + text(made(system).json, "id");
    check_refused(api.post(path + "/rotate", json::Object{{"grace", "1d"}}), 400, "invalid_request",
                  "/grace");
    check_refused(api.ask("POST", path + "/rotate", {bearer}, "{}"), 415, "unsupported_media_type");
    CHECK(api.post(path + "/rotate").status == 201);
    check_refused(api.get("/v1/keys?page_token=p1.0.x.y"), 400, "invalid_request", "/page_token");
    check_refused(api.get("/v1/keys?scope=read"), 400, "invalid_request", "/scope");
}

TEST_CASE("a key of another tenant is none") {
    RunningSystem& system = RunningSystem::get();
    system.command({"tenant", "create", "strangers", "--json"});
    Api stranger = system.api_with(system.make_key("strangers", "read,personal,sync,operations,admin"));
    const std::string foreign = "/v1/keys/" + text(made(system).json, "id");
    for (const std::string& path : {foreign, std::string("/v1/keys/00000000-0000-7000-8000-000000000000"),
                                    std::string("/v1/keys/nonsense")}) {
        CAPTURE(path);
        check_refused(stranger.remove(path), 404, "not_found");
        check_refused(stranger.post(path + "/rotate"), 404, "not_found");
    }
    CHECK(stranger.list("/v1/keys", 10).size() == 1);
}
