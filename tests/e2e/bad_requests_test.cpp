// What the REST API answers to requests that it does not like.

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "domain/json/write.hpp"
#include "domain/time.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

/// A tenant with one connection of its own.
struct Neighbour {
    std::string connection;
    std::unique_ptr<Api> api;
};

Neighbour& neighbour() {
    static Neighbour one;
    if (one.api) return one;
    RunningSystem& system = RunningSystem::synced();
    system.command({"tenant", "create", "neighbour", "--json"});
    one.api = std::make_unique<Api>(system.settings().port,
                                    system.make_key("neighbour", "read,personal,sync,operations,admin"),
                                    system.secrets());
    json::Object body = *system.sandbox().connections().front().if_object();
    json::set(body, "schedule", "manual");
    one.connection = text(one.api->post("/v1/connections", body).json, "id");
    system.command({"sync", "--tenant", "neighbour", "--wait", "--json"});
    return one;
}

void check_problem(const Answer& answer, int status, const std::string& code) {
    CAPTURE(answer.body.substr(0, 300));
    CHECK(answer.status == status);
    CHECK(answer.code() == code);
    CHECK(answer.field("Content-Type") == "application/problem+json");
    CHECK(text(answer.json, "type") == "/problems/" + code);
    CHECK(number(answer.json, "status") == status);
    CHECK_FALSE(text(answer.json, "detail").empty());
}

/// The answer without what differs between any two requests.
std::string without_request_id(const Answer& answer) {
    std::string all = std::to_string(answer.status) + "\n";
    for (const auto& [name, value] : answer.fields) {
        if (name != "Request-Id" && name != "X-Request-Id" && name != "Date" && name != "traceparent" &&
            name != "RateLimit") {
            all += name + ": " + value + "\n";
        }
    }
    return all + answer.unnamed_body();
}

std::string good_body() {
    json::Object body = *RunningSystem::get().sandbox().connections().front().if_object();
    json::set(body, "name", "never made");
    return json::write(body);
}

const std::vector<std::string> collections{"/v1/customers", "/v1/accounts", "/v1/sub-accounts",
                                           "/v1/account-groups"};

}  // namespace

TEST_CASE("a request without a valid key is refused on every path that needs one") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    const std::string revoked = system.make_key("main", "read");
    const std::string key = api.credentials().second;
    for (const std::string& path : collections) {
        check_problem(api.ask("GET", path), 401, "unauthenticated");
        CHECK(api.ask("GET", path).field("WWW-Authenticate") == "Bearer");
        for (const std::string& wrong :
             {std::string("Bearer "), std::string("Bearer nonsense"), "Basic " + key.substr(7),
              key.substr(0, key.size() - 1), key + "x"}) {
            check_problem(api.ask("GET", path, {{"Authorization", wrong}}), 401, "unauthenticated");
        }
    }
    Api other = system.api_with(revoked);
    CHECK(other.get("/v1/customers?page_size=1").status == 200);
    const json::Value keys = system.command({"key", "list", "--tenant", "main", "--json"});
    const std::string id = text(keys.if_array()->back(), "id");
    system.command({"key", "revoke", id, "--tenant", "main", "--json"});
    // The service remembers a key for a few seconds.
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (other.get("/v1/customers?page_size=1").status == 200 &&
           std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    check_problem(other.get("/v1/customers?page_size=1"), 401, "unauthenticated");
}

TEST_CASE("a key without the scope is refused") {
    RunningSystem& system = RunningSystem::synced();
    Api reader = system.api_with(system.make_key("main", "read"));
    Api syncer = system.api_with(system.make_key("main", "sync"));
    const std::string connection = "/v1/connections/" + system.connections().at("tasty-01");
    CHECK(reader.get(connection).status == 200);
    check_problem(reader.post(connection + "/sync"), 403, "missing_scope");
    check_problem(reader.remove(connection), 403, "missing_scope");
    check_problem(reader.post("/v1/connections", json::Object{}), 403, "missing_scope");
    check_problem(syncer.get("/v1/customers"), 403, "missing_scope");
}

TEST_CASE("unknown paths and wrong methods say so") {
    Api& api = RunningSystem::synced().api();
    for (const char* path :
         {"/", "/v1", "/v2/customers", "/v1/customer", "/v1/customers/", "/v1/customers/a/b/c",
          "/v1//customers", "/v1/customers/../accounts", "/v1/%63ustomers%2f"}) {
        CAPTURE(path);
        check_problem(api.get(path), 404, "not_found");
    }
    for (const std::string& path : collections) {
        const Answer answer = api.remove(path);
        check_problem(answer, 405, "method_not_allowed");
        const bool opens = path == "/v1/account-groups";
        CHECK(answer.field("Allow") == (opens ? "GET, HEAD, POST, OPTIONS" : "GET, HEAD, OPTIONS"));
    }
    const Answer answer = api.ask("PUT", "/v1/connections", {api.credentials()});
    check_problem(answer, 405, "method_not_allowed");
    CHECK(answer.field("Allow") == "GET, HEAD, POST, OPTIONS");
    CHECK(api.ask("POST", "/v1/runs", {api.credentials()}).field("Allow") == "GET, HEAD, OPTIONS");
}

TEST_CASE("page sizes below zero are refused and beyond 1000 are taken as 1000") {
    Api& api = RunningSystem::synced().api();
    for (const char* size : {"-1", "-99999999999999999999", "ten", "1.5", "+1", "0x10", "%20", ""}) {
        CAPTURE(size);
        const Answer answer = api.get(std::string("/v1/accounts?page_size=") + size);
        check_problem(answer, 400, "invalid_request");
        CHECK(answer.pointer() == "/page_size");
    }
    for (const char* size : {"1000", "1001", "99999999999999999999"}) {
        CAPTURE(size);
        const Answer answer = api.get(std::string("/v1/account-groups?page_size=") + size);
        CHECK(answer.status == 200);
        CHECK(array(answer.json, "items").size() == 1000);
        CHECK_FALSE(text(answer.json, "next_page_token").empty());
    }
    const std::size_t by_default = array(api.get("/v1/accounts").json, "items").size();
    CHECK(array(api.get("/v1/accounts?page_size=0").json, "items").size() == by_default);
}

TEST_CASE("a page token is good for its tenant, list and question alone") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    const std::string token = text(api.get("/v1/accounts?page_size=1").json, "next_page_token");
    REQUIRE_FALSE(token.empty());
    CHECK(api.get("/v1/accounts?page_size=1&page_token=" + token).status == 200);
    std::vector<std::string> altered{"nonsense", token + "0", token.substr(0, token.size() - 1), "p1..",
                                     "p1.1.2.3"};
    for (std::size_t i = 0; i < token.size(); i += 5) {
        altered.push_back(token);
        altered.back()[i] = token[i] == '1' ? '2' : '1';
    }
    for (const std::string& text : altered) {
        CAPTURE(text);
        const Answer answer = api.get("/v1/accounts?page_size=1&page_token=" + text);
        check_problem(answer, 400, "invalid_request");
        CHECK(answer.pointer() == "/page_token");
    }
    check_problem(api.get("/v1/customers?page_size=1&page_token=" + token), 400, "invalid_request");
    check_problem(api.get("/v1/accounts?page_size=1&include_deleted=true&page_token=" + token), 400,
                  "invalid_request");
    check_problem(neighbour().api->get("/v1/accounts?page_size=1&page_token=" + token), 400,
                  "invalid_request");
}

TEST_CASE("connections and runs are lists as every other: pages, a token, a moment and what is missing") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    for (const std::string path : {"/v1/connections", "/v1/runs"}) {
        CAPTURE(path);
        const Answer whole = api.get(path + "?page_size=1000");
        CHECK(text(whole.json, "next_page_token").empty());
        CHECK(domain::parse_timestamp(text(whole.json, "as_of")));
        CHECK(array(whole.json, "partial").empty());
        CHECK(api.list(path, 7) == array(whole.json, "items"));
        CHECK(array(whole.json, "items").size() >= system.connections().size());

        const Answer page = api.get(path + "?page_size=2");
        CHECK(array(page.json, "items").size() == 2);
        CHECK(domain::parse_timestamp(text(page.json, "as_of")));
        const std::string token = text(page.json, "next_page_token");
        CHECK(page.field("Link") == "<" + path + "?page_size=2&page_token=" + token + ">; rel=\"next\"");
        check_problem(api.get("/v1/accounts?page_token=" + token), 400, "invalid_request");
        check_problem(neighbour().api->get(path + "?page_token=" + token), 400, "invalid_request");
    }
    const std::string connection = system.connections().at("tasty-01");
    const std::string token = text(api.get("/v1/runs?page_size=1").json, "next_page_token");
    check_problem(api.get("/v1/runs?connection_id=" + connection + "&page_token=" + token), 400,
                  "invalid_request");
}

TEST_CASE("query parameters that nobody knows or that come twice are refused") {
    Api& api = RunningSystem::synced().api();
    const Answer unknown = api.get("/v1/accounts?page_sise=10");
    check_problem(unknown, 400, "invalid_request");
    CHECK(unknown.pointer() == "/page_sise");
    check_problem(api.get("/v1/connections?include_deleted=true"), 400, "invalid_request");
    check_problem(api.get("/v1/connections?page_size=no"), 400, "invalid_request");
    const Answer twice = api.get("/v1/accounts?page_size=1&page_size=2");
    check_problem(twice, 400, "invalid_request");
    CHECK(twice.pointer() == "/page_size");
    check_problem(api.get("/v1/accounts?include_deleted=yes"), 400, "invalid_request");
    check_problem(api.get("/v1/accounts?page_size=%zz"), 400, "invalid_request");
    check_problem(api.get("/v1/runs?connection_id=me"), 400, "invalid_request");
}

TEST_CASE("a delivery to an address with a query, or to none, is refused before anybody looks at it") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    const std::string address = "/v1/webhooks/upvest/";
    const Answer query = api.ask("POST", address + system.connections().at("upvest-01") + "?colour=red");
    check_problem(query, 400, "invalid_request");
    CHECK(query.pointer() == "/colour");
    check_problem(api.ask("POST", address + "%00"), 404, "not_found");
    check_problem(api.ask("POST", address), 404, "not_found");
}

TEST_CASE("a body of the wrong kind, shape or length is refused and nothing is made") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    const std::size_t connections = array(api.get("/v1/connections").json, "items").size();
    const auto post = [&](const std::string& body, const std::string& type = "application/json") {
        return api.ask("POST", "/v1/connections", {api.credentials(), {"Content-Type", type}}, body);
    };
    check_problem(post(good_body(), "text/plain"), 415, "unsupported_media_type");
    check_problem(post(good_body(), "application/x-www-form-urlencoded"), 415, "unsupported_media_type");
    check_problem(api.ask("POST", "/v1/connections", {api.credentials()}, good_body()), 415,
                  "unsupported_media_type");
    check_problem(post("{", "Application/JSON; charset=UTF-8"), 400, "invalid_request");
    for (const char* body : {"", "{", "[]", "null", "\"x\"", "{\"name\":1}trailing"}) {
        CAPTURE(body);
        check_problem(post(body), 400, "invalid_request");
    }

    struct Fault {
        std::string member;
        json::Value value;
        std::string pointer;
    };

    const Fault faults[] = {{"colour", "red", "/colour"},
                            {"provider", "robinhood", "/provider"},
                            {"name", "", "/name"},
                            {"name", 7, "/name"},
                            {"environment", "test", "/environment"},
                            {"base_url", "https://evil.example", "/base_url"},
                            {"schedule", "sometimes", "/schedule"},
                            {"settings", json::Array{}, "/settings"},
                            {"credentials", "secret", "/credentials"}};
    for (const Fault& fault : faults) {
        CAPTURE(fault.pointer);
        json::Object body = *tree_of(good_body()).if_object();
        json::set(body, fault.member, fault.value);
        const Answer answer = post(json::write(body));
        check_problem(answer, 400, "invalid_request");
        CHECK(answer.pointer() == fault.pointer);
    }
    const std::string body = good_body();
    const Answer twice = post(R"({"name":"first",)" + body.substr(1));
    check_problem(twice, 400, "invalid_request");
    CHECK(twice.pointer() == "/name");
    json::Object incomplete = *tree_of(body).if_object();
    json::set(incomplete, "credentials", json::Object{{"client_secret", "x"}, {"colour", "red"}});
    CHECK(post(json::write(incomplete)).pointer().starts_with("/credentials/"));

    const std::string head =
        "POST /v1/connections HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" +
        api.credentials().first + ": " + api.credentials().second + "\r\n";
    check_problem(api.ask_raw(head + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"), 411,
                  "length_required");
    check_problem(api.ask_raw(head + "Content-Length: 99999999999\r\n\r\n"), 413, "body_too_large");
    CHECK(array(api.get("/v1/connections").json, "items").size() == connections);
}

TEST_CASE("a failure of ours is in the log under the id that its answer has") {
    RunningSystem& system = RunningSystem::synced();
    system.database().run("ALTER TABLE documents RENAME TO documents_away");
    const Answer answer = system.api().get("/v1/accounts");
    system.database().run("ALTER TABLE documents_away RENAME TO documents");
    check_problem(answer, 500, "internal_error");
    const std::string id = answer.field("X-Request-Id");
    REQUIRE_FALSE(id.empty());
    const std::string log = tests::text_of_file(system.logs().front());
    CHECK(log.find("a request failed req=" + id + " trace=" + text(answer.json, "trace_id") +
                   " code=configuration detail=\"a table is missing") != std::string::npos);
}

TEST_CASE("two connections of one name are refused") {
    RunningSystem& system = RunningSystem::synced();
    const Answer again = system.api().post("/v1/connections", system.sandbox().connections().front());
    check_problem(again, 409, "conflict");
}

TEST_CASE("ids of another tenant answer as ids of nobody") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    Api& foreign = *neighbour().api;
    std::vector<std::pair<std::string, std::string>> ids;
    for (const std::string& path : collections) {
        ids.emplace_back(path, text(array(api.get(path + "?page_size=1").json, "items").front(), "id"));
    }
    const std::string connection = system.connections().at("tasty-01");
    ids.emplace_back("/v1/connections", connection);
    ids.emplace_back("/v1/runs", text(api.get("/v1/connections/" + connection).json, "last_run_id"));
    const std::string nobody = "00000000-0000-4000-8000-000000000000";
    for (const auto& [path, id] : ids) {
        std::vector<std::string> tails{""};
        if (path == "/v1/customers")
            tails = {"", "/overview", "/accounts", "/sub-accounts", "/account-groups"};
        for (const std::string& tail : tails) {
            CAPTURE(path + tail);
            const Answer of_others = foreign.get(path + "/" + id + tail);
            check_problem(of_others, 404, "not_found");
            CHECK(without_request_id(of_others) ==
                  without_request_id(foreign.get(path + "/" + nobody + tail)));
            CHECK(api.get(path + "/" + id + tail).status == 200);
        }
    }
    for (const char* method : {"DELETE", "POST"}) {
        const std::string tail = method == std::string("POST") ? "/sync" : "";
        const auto ask = [&](const std::string& id) {
            return foreign.ask(method, "/v1/connections/" + id + tail, {foreign.credentials()});
        };
        check_problem(ask(connection), 404, "not_found");
        CHECK(without_request_id(ask(connection)) == without_request_id(ask(nobody)));
    }
    CHECK(api.get("/v1/connections/" + connection).status == 200);
    CHECK(foreign.get("/v1/connections/" + neighbour().connection).status == 200);
    // The neighbour sees the same person at the same provider, under ids of its own.
    const json::Value own = array(foreign.get("/v1/customers").json, "items").at(0);
    CHECK(api.get("/v1/customers/" + text(own, "id")).status == 404);
}

TEST_CASE("credentials stand in no answer and no log") {
    RunningSystem& system = RunningSystem::synced();
    CHECK(system.secrets().count() >= 30);
    // Every answer of every client was looked through when it came; here are those that speak of connections.
    CHECK(system.api().get("/v1/connections").status == 200);
    CHECK(system.api().list("/v1/runs", 1000).size() >= 18);
    const json::Value listed = system.command({"connection", "list", "--tenant", "main", "--json"});
    CHECK(listed.if_array()->size() == system.connections().size());
    CHECK_FALSE(system.secrets().occur_in(json::write(listed)));
    CHECK_FALSE(system.secrets().occur_in(
        json::write(system.command({"connection", "show", "tasty-01", "--tenant", "main", "--json"}))));
    const std::string log = tests::text_of_file(system.logs().front());
    CHECK(log.size() > 1000);
    CHECK_FALSE(system.secrets().occur_in(log));
    const std::string key = system.api().credentials().second.substr(7);
    CHECK(log.find(key) == std::string::npos);
    const std::string stored = system.database().value(
        "SELECT string_agg(c::text, ' ') FROM connections c WHERE lifecycle <> 'removing'");
    CHECK(stored.size() > 1000);
    CHECK_FALSE(system.secrets().occur_in(stored));
}
