// How the API behaves towards any client, whatever it asks for: traces, problems, links, methods, media types
// and bodies.

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "domain/json/write.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"
#include "tests/support/blocking_http.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

const std::string described = R"(</openapi.json>; rel="service-desc", </docs>; rel="service-doc")";
const std::string nobody = "00000000-0000-4000-8000-000000000000";

void check_refused(const Answer& answer, int status, const std::string& code,
                   const std::string& pointer = {}) {
    CAPTURE(answer.body.substr(0, 400));
    CHECK(answer.status == status);
    CHECK(answer.code() == code);
    CHECK(answer.pointer() == pointer);
}

/// Every field of this name.
std::vector<std::string> all(const Answer& answer, std::string_view name) {
    std::vector<std::string> found;
    for (const auto& [field, value] : answer.fields) {
        if (field == name) found.push_back(value);
    }
    return found;
}

Answer ask(const std::string& method, const std::string& path, tests::HttpFields fields = {},
           const std::string& body = {}) {
    Api& api = RunningSystem::synced().api();
    fields.push_back(api.credentials());
    return api.ask(method, path, fields, body);
}

}  // namespace

TEST_CASE("an answer goes on with its caller's trace, and its problem and our log name it") {
    RunningSystem& system = RunningSystem::synced();
    const std::string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    const tests::HttpFields traced{{"traceparent", "00-" + trace + "-00f067aa0ba902b7-01"},
                                   {"tracestate", "a=b"}};
    const Answer found = ask("GET", "/v1/accounts?page_size=1", traced);
    CHECK(found.field("traceparent").starts_with("00-" + trace + "-"));
    CHECK_FALSE(found.field("traceparent").contains("00f067aa0ba902b7"));
    CHECK(found.field("tracestate") == "a=b");
    const Answer missing = ask("GET", "/v1/accounts/" + nobody, traced);
    CHECK(text(missing.json, "trace_id") == trace);
    CHECK(missing.field("traceparent").starts_with("00-" + trace + "-"));
    const Answer untraced = ask("GET", "/v1/accounts/" + nobody, {{"traceparent", "00-what"}});
    CHECK(untraced.field("traceparent").substr(3, 32) == text(untraced.json, "trace_id"));

    system.database().run("ALTER TABLE documents RENAME TO documents_away");
    const Answer failed = ask("GET", "/v1/accounts", traced);
    system.database().run("ALTER TABLE documents_away RENAME TO documents");
    check_refused(failed, 500, "internal_error");
    CHECK(tests::text_of_file(system.logs().front())
              .contains("a request failed req=" + failed.field("X-Request-Id") + " trace=" + trace));
}

TEST_CASE("problems name their request and where the API is described, lists the latter, too") {
    Api& api = RunningSystem::synced().api();
    for (const Answer& answer :
         {ask("GET", "/v1/accounts/" + nobody), ask("GET", "/nowhere"), ask("DELETE", "/v1/accounts"),
          api.ask("GET", "/v1/accounts"), ask("GET", "/v1/accounts?page_size=-1")}) {
        CAPTURE(answer.body);
        CHECK(text(answer.json, "instance") == "/requests/" + answer.field("X-Request-Id"));
        CHECK(text(answer.json, "trace_id").size() == 32);
        CHECK(all(answer, "Link") == std::vector{described});
    }
    const Answer gate = api.ask_raw("GET /v1/accounts HTTP/1.1\r\n\r\n");
    check_refused(gate, 400, "missing_host");
    CHECK(text(gate.json, "instance") == "/requests/" + gate.field("X-Request-Id"));

    const Answer page = api.get("/v1/accounts?page_size=1");
    REQUIRE(all(page, "Link").size() == 2);
    CHECK(all(page, "Link")[0].ends_with("rel=\"next\""));
    CHECK(all(page, "Link")[1] == described);
    CHECK(all(api.get("/v1/drift"), "Link").back() == described);
    CHECK(all(api.get("/v1/accounts/" + text(array(page.json, "items").front(), "id")), "Link").empty());
}

TEST_CASE("every answer of both listeners tells browsers not to guess what it is") {
    RunningSystem& system = RunningSystem::synced();
    CHECK(ask("GET", "/v1/runs").field("X-Content-Type-Options") == "nosniff");
    CHECK(ask("GET", "/nowhere").field("X-Content-Type-Options") == "nosniff");
    CHECK(system.api().ask_raw("nonsense\r\n\r\n").field("X-Content-Type-Options") == "nosniff");
    tests::BlockingHttp admin(system.settings().admin_port);
    for (const char* path : {"/livez", "/metrics", "/nowhere"}) {
        CHECK(admin.ask("GET", path).field("X-Content-Type-Options") == "nosniff");
    }
}

TEST_CASE("OPTIONS tells the methods of a path without a key, as 405 does") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    for (const auto& [path, methods] :
         {std::pair<std::string, std::string>{"/v1/accounts", "GET, HEAD, OPTIONS"},
          {"/v1/connections", "GET, HEAD, POST, OPTIONS"},
          {"/v1/connections/" + nobody, "GET, HEAD, PATCH, DELETE, OPTIONS"},
          {"/v1/connections/" + nobody + "/sync", "POST, OPTIONS"},
          {"/v1/account-groups", "GET, HEAD, POST, OPTIONS"},
          {"/v1/webhooks/upvest/" + nobody, "POST, OPTIONS"}}) {
        CAPTURE(path);
        const Answer options = api.ask("OPTIONS", path, {{"Accept", "text/html"}});
        CHECK(options.status == 204);
        CHECK(options.field("Allow") == methods);
        CHECK(options.body.empty());
        const Answer refused = api.ask("PUT", path);
        check_refused(refused, 405, "method_not_allowed");
        CHECK(refused.field("Allow") == methods);
        CHECK(api.ask("TRACE", path).field("Allow") == methods);
    }
    CHECK(api.ask("OPTIONS", "/v1/profiles/" + nobody + "/preferences").field("Allow") == "PUT, OPTIONS");
    check_refused(api.ask("OPTIONS", "/v1/nowhere"), 404, "not_found");
    CHECK(api.ask("OPTIONS", "*").status == 204);
    const std::string all_methods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
    CHECK(api.ask("OPTIONS", "*").field("Allow") == all_methods);
    CHECK(api.ask("CONNECT", "127.0.0.1:443").field("Allow") == all_methods);
    check_refused(api.ask("TRACE", "/v1/accounts"), 405, "method_not_allowed");
    check_refused(api.ask("BREW", "/v1/accounts"), 501, "method_not_implemented");
    tests::BlockingHttp admin(system.settings().admin_port);
    CHECK(admin.ask("OPTIONS", "/livez").field("Allow") == "GET, HEAD, OPTIONS");
    CHECK(admin.ask("OPTIONS", "*").status == 204);
    CHECK(admin.ask("POST", "/livez").status == 405);
}

TEST_CASE("HEAD is answered as GET is, without the body") {
    for (const char* path : {"/v1/accounts?page_size=1", "/v1/runs?page_size=1", "/v1/nowhere"}) {
        CAPTURE(path);
        const Answer get = ask("GET", path);
        const Answer head = ask("HEAD", path);
        CHECK(head.status == get.status);
        CHECK(head.body.empty());
        CHECK(head.field("Content-Type") == get.field("Content-Type"));
        CHECK(all(head, "Link") == all(get, "Link"));
    }
}

TEST_CASE("who does not accept JSON is told so before the body is read") {
    RunningSystem& system = RunningSystem::synced();
    for (const char* accept : {"text/html", "application/json;q=0", "image/*, text/plain"}) {
        CAPTURE(accept);
        check_refused(ask("GET", "/v1/accounts", {{"Accept", accept}}), 406, "not_acceptable");
    }
    for (const char* accept : {"", "*/*", "application/json", "application/problem+json", "nonsense",
                               "text/html, application/*;q=0.1"}) {
        CAPTURE(accept);
        CHECK(ask("GET", "/v1/accounts?page_size=1", {{"Accept", accept}}).status == 200);
    }
    CHECK(ask("GET", "/v1/accounts?page_size=1", {{"Accept", "text/html"}, {"Accept", "application/json"}})
              .status == 200);
    CHECK(ask("GET", "/v1/accounts?page_size=1", {{"Accept-Encoding", "gzip, identity;q=0"}}).status == 200);
    const auto [name, value] = system.api().credentials();
    check_refused(system.api().ask_raw("POST /v1/connections HTTP/1.1\r\nHost: a\r\nAccept: text/html\r\n" +
                                       name + ": " + value + "\r\nContent-Length: 1000\r\n\r\n"),
                  406, "not_acceptable");
    // A delivery proves itself and reads no answer.
    CHECK(system.api().ask("POST", "/v1/webhooks/upvest/" + nobody, {{"Accept", "text/html"}}).status != 406);
}

TEST_CASE("an operation without a body refuses one by its first member and does nothing") {
    RunningSystem& system = RunningSystem::synced();
    const std::string connection = "/v1/connections/" + system.connections().at("tasty-01");
    const std::size_t runs = system.api().list("/v1/runs", 1000).size();
    const tests::HttpFields as_json{{"Content-Type", "application/json"}};
    for (const std::string& path :
         {connection + "/sync", connection + "/resume", "/v1/runs/" + nobody + "/proposal/approve",
          "/v1/runs/" + nobody + "/proposal/reject", "/v1/drift/" + nobody + "/accept",
          "/v1/quarantine/" + nobody + "/reprocess"}) {
        CAPTURE(path);
        check_refused(ask("POST", path, as_json, R"({"force":true,"colour":"red"})"), 400, "invalid_request",
                      "/force");
        CHECK(ask("POST", path, as_json, "[]").status == 400);
        check_refused(ask("POST", path, {{"Content-Type", "text/plain"}}, "{}"), 415,
                      "unsupported_media_type");
        check_refused(ask("POST", path, {}, "{}"), 415, "unsupported_media_type");
    }
    CHECK(system.api().list("/v1/runs", 1000).size() == runs);
    check_refused(ask("POST", "/v1/drift/" + nobody + "/accept", as_json, "{}"), 404, "not_found");
    check_refused(ask("POST", "/v1/drift/" + nobody + "/accept"), 404, "not_found");
}

TEST_CASE("members that nobody knows or that come twice are refused by name in every body, at any depth") {
    RunningSystem& system = RunningSystem::synced();
    const std::string id = system.connections().at("tasty-01");
    const tests::HttpFields as_json{{"Content-Type", "application/json"}};
    for (const json::Value& made : system.sandbox().connections()) {
        json::Object body = *made.if_object();
        json::set(body, "name", "never made");
        json::Object credentials = *json::find(body, "credentials")->if_object();
        credentials.push_back({"col/our", "red"});
        json::set(body, "credentials", credentials);
        const Answer unknown = ask("POST", "/v1/connections", as_json, json::write(body));
        check_refused(unknown, 400, "invalid_request", "/credentials/col~1our");
        credentials.back().key = credentials.front().key;
        json::set(body, "credentials", credentials);
        check_refused(ask("POST", "/v1/connections", as_json, json::write(body)), 400, "invalid_request",
                      "/credentials/" + credentials.front().key);
        json::set(body, "credentials", *json::find(*made.if_object(), "credentials"));
        json::set(body, "settings", json::Object{{"colour", "red"}});
        check_refused(ask("POST", "/v1/connections", as_json, json::write(body)), 400, "invalid_request",
                      "/settings/colour");
    }
    check_refused(ask("PATCH", "/v1/connections/" + id, as_json, R"({"credentials":{"a":{"b":1,"b":1}}})"),
                  400, "invalid_request", "/credentials/a/b");
    CHECK(ask("PATCH", "/v1/connections/" + id, as_json, R"({"colour":1})").pointer() == "/colour");
    check_refused(
        ask("POST", "/v1/accounts:batchGet", as_json, R"({"ids":[")" + nobody + R"("],"colour":1})"), 400,
        "invalid_request", "/colour");
    check_refused(ask("POST", "/v1/accounts:batchGet", as_json, R"({"ids":[],"ids":[]})"), 400,
                  "invalid_request", "/ids");
}

TEST_CASE("a query parameter that is not known is answered with those that are") {
    const Answer list = ask("GET", "/v1/runs?colour=red");
    check_refused(list, 400, "invalid_request", "/colour");
    CHECK(text(list.json, "detail") ==
          "This query parameter is not known. Known here: page_size, page_token, connection_id.");
    const Answer run = ask("GET", "/v1/runs/" + nobody + "?colour=red");
    CHECK(text(run.json, "detail") == "This query parameter is not known. None is known here.");
    check_refused(ask("GET", "/v1/runs?page_size=1&page%5fsize=1"), 400, "invalid_request", "/page_size");
}

TEST_CASE("a caller beyond its rate is refused without asking the database, its neighbour is not") {
    RunningSystem& system = RunningSystem::synced();
    ProgramSettings limited = system.settings();
    limited.port = tests::free_port();
    limited.admin_port = tests::free_port();
    limited.requests_per_minute = "60";
    const auto replica = system.serve(limited);
    Api first(limited.port, system.make_key("main", "read"), system.secrets());
    Api second(limited.port, system.make_key("main", "read"), system.secrets());
    std::vector<Answer> answers;
    for (int i = 0; i < 30; ++i) {
        answers.push_back(first.get("/v1/accounts?page_size=1"));
    }
    CHECK(answers.front().status == 200);
    CHECK(answers.front().field("RateLimit-Policy") == "\"default\";q=60;w=60");
    CHECK(answers.front().field("RateLimit") == "\"default\";r=2;t=1");
    std::size_t refused = 0;
    for (const Answer& answer : answers) {
        if (answer.status == 200) continue;
        ++refused;
        check_refused(answer, 429, "rate_limited");
        CHECK(answer.field("Retry-After") == "1");
        CHECK(number(answer.json, "retry_after_s") == 1);
        CHECK(answer.field("RateLimit") == "\"default\";r=0;t=1");
    }
    CHECK(refused > 0);
    CHECK(second.get("/v1/accounts?page_size=1").status == 200);
    // Without the table an admitted request would be a failure of ours.
    system.database().run("ALTER TABLE documents RENAME TO documents_away");
    Answer without;
    for (int i = 0; i < 30 && without.status != 429; ++i) {
        without = first.get("/v1/accounts?page_size=1");
        CHECK((without.status == 429 || without.status == 500));
    }
    system.database().run("ALTER TABLE documents_away RENAME TO documents");
    CHECK(without.status == 429);
    // Who asks for no key has no rate, and who is not recognised neither.
    CHECK(first.ask("GET", "/v1/runs").field("RateLimit").empty());
    CHECK(first.ask("OPTIONS", "/v1/runs").status == 204);
}
