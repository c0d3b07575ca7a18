// A provider that answers nonsense: the run says what and where, and what is stored stays as it was.

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "domain/json/write.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

/// One value for every document of the tenants, their versions and their place in the feed.
std::string fingerprint(const tests::Database& database) {
    return database.value(
        "SELECT md5(string_agg(document_id::text || version || commit_no || body, ',' ORDER BY tenant_id, "
        "document_id)) "
        "FROM documents");
}

struct Nonsense {
    std::string name;
    json::Object harm;
    /// What the run must call it.
    std::vector<std::string> codes;
};

std::vector<Nonsense> all_nonsense() {
    const std::string html = "<html><body>Down for maintenance</body></html>";
    return {{"an error page with 500", {{"status", 500}, {"body", html}}, {"unavailable"}},
            {"a page of HTML with 200", {{"status", 200}, {"body", html}}, {"contract"}},
            {"an empty body", {{"status", 200}, {"body", ""}}, {"contract"}},
            {"a list in the place of the envelope", {{"status", 200}, {"body", "[]"}}, {"contract"}},
            {"another envelope", {{"status", 200}, {"body", R"({"ok":true})"}}, {"contract"}},
            {"a body that breaks off", {{"truncate_at", 40}}, {"contract", "unavailable"}},
            {"a connection that breaks off", {{"cut", true}}, {"unavailable"}}};
}

struct Target {
    std::string connection;
    std::string provider;
    std::string path;
    std::string stream;
};

const std::vector<Target> targets{{"upvest-02", "upvest", "/account_groups", "account_groups"},
                                  {"tdx-01", "tdx", "/api/rest/v1/users?", "users"},
                                  {"tasty-01", "tastytrade", "/customers/me/accounts", "accounts"}};

const json::Value* stream_of(const json::Value& run, const std::string& stream) {
    for (const json::Value& report : array(run, "report.streams")) {
        if (text(report, "stream") == stream) return &report;
    }
    return nullptr;
}

/// The rule for a target; a path with '?' is meant to its end.
json::Object rule_for(const Target& target, const json::Object& harm) {
    const std::size_t end = target.path.find('?');
    json::Object rule{{"provider", target.provider},
                      {"path_prefix", target.path.substr(0, end)},
                      {"method", "GET"},
                      {"times", 100}};
    if (end != std::string::npos) rule.push_back({"query_contains", "limit"});
    rule.insert(rule.end(), harm.begin(), harm.end());
    return rule;
}

/// The body of one of the sandbox's connections, under another name.
json::Object body_of(RunningSystem& system, const std::string& name, const std::string& renamed) {
    for (const json::Value& body : system.sandbox().connections()) {
        if (text(body, "name") != name) continue;
        json::Object copy = *body.if_object();
        json::set(copy, "name", renamed);
        return copy;
    }
    FAIL("the sandbox has no such connection");
    return {};
}

}  // namespace

TEST_CASE("a provider's nonsense is told by the run and changes no document") {
    RunningSystem& system = RunningSystem::synced();
    const std::string before = fingerprint(system.database());
    std::vector<std::string> names;
    for (const Target& target : targets) {
        names.push_back(target.connection);
    }
    for (const Nonsense& nonsense : all_nonsense()) {
        CAPTURE(nonsense.name);
        for (const Target& target : targets) {
            system.sandbox().fault(rule_for(target, nonsense.harm));
        }
        const auto runs = system.sync(names);
        system.sandbox().clear_faults();
        for (const Target& target : targets) {
            const json::Value& run = runs.at(target.connection);
            CAPTURE(json::write(run));
            CHECK(text(run, "state") == "partial");
            const json::Value* stream = stream_of(run, target.stream);
            REQUIRE(stream != nullptr);
            CHECK(text(*stream, "verdict") == "partial");
            CHECK_MESSAGE(std::ranges::count(nonsense.codes, text(*stream, "error.code")) == 1,
                          text(*stream, "error.code"));
            CHECK(text(*stream, "error.detail").size() > 20);
            CHECK(text(run, "error.code") == text(*stream, "error.code"));
            CHECK(number(*stream, "removed") == 0);
            const Answer connection =
                system.api().get("/v1/connections/" + system.connections().at(target.connection));
            CHECK(text(connection.json, "status") == "degraded");
            CHECK_FALSE(text(connection.json, "status_reason").empty());
        }
        CHECK(fingerprint(system.database()) == before);
    }
    system.sync_well(names);
    CHECK(fingerprint(system.database()) == before);
}

TEST_CASE("a list that leaves an item out removes nothing because the provider's total tells") {
    RunningSystem& system = RunningSystem::synced();
    const std::string before = fingerprint(system.database());
    system.sandbox().fault(
        {{"provider", "upvest"}, {"path_prefix", "/accounts"}, {"times", 100}, {"drop_item", 3}});
    const json::Value run = system.sync({"upvest-02"}).at("upvest-02");
    system.sandbox().clear_faults();
    CAPTURE(json::write(run));
    CHECK(text(run, "state") == "partial");
    CHECK(text(*stream_of(run, "accounts"), "verdict") == "partial");
    CHECK(number(*stream_of(run, "accounts"), "removed") == 0);
    CHECK(fingerprint(system.database()) == before);
    system.sync_well({"upvest-02"});
}

TEST_CASE("lists are held for an operator when most of their objects are gone at once") {
    RunningSystem& system = RunningSystem::synced();
    const std::string before = fingerprint(system.database());
    system.sandbox().fault(
        {{"provider", "upvest"},
         {"path_prefix", "/account_groups"},
         {"times", 100},
         {"status", 200},
         {"body", R"({"meta":{"count":0,"total_count":0,"offset":0,"limit":1000},"data":[]})"}});
    const json::Value run = system.sync({"upvest-02"}).at("upvest-02");
    system.sandbox().clear_faults();
    CAPTURE(json::write(run));
    CHECK(text(run, "state") == "held");
    const auto held = number(*stream_of(run, "account_groups"), "held_removals");
    CHECK(held > 200);
    CHECK(fingerprint(system.database()) == before);

    Api& api = system.api();
    const std::string connection = "/v1/connections/" + system.connections().at("upvest-02");
    const std::string proposal = "/v1/runs/" + text(run, "id") + "/proposal";
    CHECK(text(api.get(connection).json, "status") == "held");
    CHECK(text(api.get(connection).json, "next_step").find("proposal show") != std::string::npos);
    const Answer told = api.get(proposal);
    CHECK(told.status == 200);
    const json::Value& stream = array(told.json, "streams").front();
    CHECK(text(stream, "state") == "pending");
    CHECK(number(stream, "candidates") == held);
    CHECK(api.get("/v1/account-groups/" + text(array(stream, "objects").front(), "id")).status == 200);
    CHECK(system.api_with(system.make_key("main", "read")).post(proposal + "/reject").status == 403);
    CHECK(system.command({"proposal", "show", text(run, "id"), "--tenant", "main", "--json"}) == told.json);
    CHECK(api.post(proposal + "/reject").status == 200);
    CHECK(api.post(proposal + "/approve").status == 409);
    CHECK(api.post(proposal + "/reject").status == 409);
    CHECK(text(api.get(connection).json, "status") == "active");
    CHECK(fingerprint(system.database()) == before);
    system.sync_well({"upvest-02"});
}

TEST_CASE("a customer or client account that is suddenly not found is no removal") {
    RunningSystem& system = RunningSystem::synced();
    const std::string before = fingerprint(system.database());
    const json::Value population = system.sandbox().population();
    const std::string client = text(population, "tdx.tdx-02.client_account.id");
    const json::Object customer{{"provider", "tastytrade"}, {"kind", "customer"}, {"id", "tasty-05"}};
    const json::Object account{{"provider", "tdx"}, {"kind", "client_account"}, {"id", client}};
    for (const std::string op : {"remove", "readd"}) {
        json::Array operations;
        for (json::Object operation : {customer, account}) {
            operation.push_back({"op", op});
            operations.emplace_back(std::move(operation));
        }
        system.sandbox().change(std::move(operations));
        for (const auto& [name, run] : system.sync({"tasty-05", "tdx-02"})) {
            CAPTURE(json::write(run));
            CHECK(text(run, "state") == (op == "remove" ? "partial" : "succeeded"));
        }
        CHECK(fingerprint(system.database()) == before);
    }
}

TEST_CASE("wrong credentials make the connection ask for new ones and are tried once") {
    RunningSystem& system = RunningSystem::synced();
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"tasty-01", "refresh_token"}, {"tdx-01", "api_secret"}, {"upvest-01", "client_secret"}};
    for (const auto& [name, credential] : wrong) {
        const std::string broken = name + "-broken";
        json::Object body = body_of(system, name, broken);
        json::Object credentials = object(body, "credentials");
        const std::string right = text(credentials, credential);
        json::set(credentials, credential, std::string(right.rbegin(), right.rend()));
        json::set(body, "credentials", std::move(credentials));
        const std::string id = system.connect(body);
        const json::Value run = system.sync({broken}).at(broken);
        CAPTURE(json::write(run));
        CHECK(text(run, "state") == "failed");
        CHECK(text(run, "error.code") == "unauthenticated");
        const Answer connection = system.api().get("/v1/connections/" + id);
        CHECK(text(connection.json, "status") == "reauth_required");
        CHECK(text(connection.json, "status_reason").size() > 20);
        CHECK(connection.json.find("next_due_at") == nullptr);
        system.disconnect(broken);
    }
}
