// A live system for the tests in JavaScript: every example of the OpenAPI document, values at the edges of
// its parameters, and the client generated from it.
#include <doctest/doctest.h>

#include <cstdlib>
#include <string>
#include <vector>

#include "domain/json/write.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

constexpr auto everything = "read,personal,raw,sync,actions,operations,admin";
constexpr auto pushed = "upvest-01";
constexpr auto polled = "tasty-02";

std::string origin(std::uint16_t port) {
    return "http://127.0.0.1:" + std::to_string(port);
}

/// A run whose removals wait for a person, of a stream that no run walks any more: the examples demand fresh
/// data, and a run that sees the objects again takes such a proposal back.
std::string held_run(RunningSystem& system, const std::string& stream) {
    const std::string run = system.database().value("SELECT gen_random_uuid()");
    const std::string proposed = "'" + to_text(system.tenant()) + "', '" + run + "', '" + stream + "'";
    system.database().run(
        "INSERT INTO proposals (tenant_id, run_id, stream, connection_id, last_run_id, live, candidates, "
        "keys_hash, state, created_at) VALUES (" +
        proposed + ", '" + system.connections().at("upvest-02") + "', '" + run +
        "', 2, 1, '', 'pending', now())");
    system.database().run("INSERT INTO proposal_keys (tenant_id, run_id, stream, provider_id) VALUES (" +
                          proposed + ", '8d6a8b58-6f35-4c1f-9d2a-3f6f1f0a7c11')");
    return run;
}

/// An object that was put aside, in such a stream too: a run takes out of quarantine what comes again and is
/// well.
void quarantine_one(RunningSystem& system) {
    system.database().run(
        "INSERT INTO quarantine (tenant_id, connection_id, stream, content_hash, raw, reason, first_seen_at, "
        "quarantine_id) VALUES ('" +
        to_text(system.tenant()) + "', '" + system.connections().at("tasty-01") +
        "', 'retired', sha256('retired'), '{\"account\":{\"nickname\":\"A\"}}', 'account-number is missing', "
        "now(), gen_random_uuid())");
}

/// The profile whose preferences and attributes a connection may change, and an attribute that it has just
/// got.
json::Object changed_profile(RunningSystem& system) {
    const std::string profile = system.database().value(
        "SELECT e.entity_id FROM connections c JOIN entities e ON e.tenant_id = c.tenant_id AND "
        "e.provider = c.provider AND e.provider_id = c.self_profile WHERE e.kind = 'profile' AND c.name = "
        "'tdx-02'");
    Api api = system.api_with(system.make_key("main", everything));
    const Answer made = api.ask(
        "POST", "/v1/profiles/" + profile + "/attributes",
        {api.credentials(), {"Content-Type", "application/json"}, {"Idempotency-Key", "an-attribute"}},
        R"({"type":"settings","sub_type":"app","key":"volume","value":"low","content_type":"text/plain"})");
    REQUIRE_MESSAGE(made.status == 200, made.body);
    return {{"id", profile}, {"attribute", text(made.json, "object_id")}};
}

/// A delivery of Upvest, signed and not sent. A service asks once a minute at most which subscriptions there
/// are; one that was just started has not asked yet.
json::Object delivery(RunningSystem& system) {
    const std::string url = origin(system.settings().port);
    system.command(
        {"webhook", "subscribe", "--tenant", "main", "--connection", pushed, "--url", url, "--json"});
    system.stop_service();
    system.start_service();
    const std::string path = "/v1/webhooks/upvest/" + system.connections().at(pushed);
    const std::string group =
        text(array(system.sandbox().population(), "upvest.upvest-01.account_groups").front(), "id");
    const json::Value made = system.sandbox().webhook(
        {{"url", url + path},
         {"events", json::Array{json::Object{
                        {"type", "ACCOUNT_GROUP.UPDATED"}, {"kind", "account_group"}, {"id", group}}}},
         {"deliver", false}});
    json::Object headers = object(made, "headers");
    // fetch() writes these by itself.
    std::erase_if(headers, [](const json::Entry& entry) {
        return entry.key == "content-length" || entry.key == "host";
    });
    return {{"path", path}, {"headers", std::move(headers)}, {"body", text(made, "body")}};
}

/// What the tests in JavaScript must know, in a file because it holds credentials. One of the sandbox's.
const std::string& told_system() {
    static const tests::TemporaryFolder folder;
    static const std::string file = [] {
        RunningSystem& system = RunningSystem::synced();
        json::Array proposals{held_run(system, "retired"), held_run(system, "retired-too")};
        quarantine_one(system);
        return folder.file("system.json",
                           json::write(json::Object{{"url", origin(system.settings().port)},
                                                    {"admin_url", origin(system.settings().admin_port)},
                                                    {"key", system.make_key("main", everything)},
                                                    {"reader", system.make_key("main", "read")},
                                                    {"connection", system.connections().at(polled)},
                                                    {"connection_name", polled},
                                                    {"connections", system.sandbox().connections()},
                                                    {"proposals", std::move(proposals)},
                                                    {"profile", changed_profile(system)},
                                                    {"delivery", delivery(system)}}));
    }();
    return file;
}

/// Runs a program of JavaScript to its end; what it says is shown where it failed.
void run_node(const std::string& script) {
    tests::Command command;
    command.words = {TRIBUTARY_NODE, script};
    command.environment = {{"TRIBUTARY_CONTRACT_SYSTEM", told_system()}};
    // Of the test's own variables none is passed on unasked.
    if (const char* record =
            std::getenv("TRIBUTARY_RECORD")) {  // NOLINT(concurrency-mt-unsafe): nobody sets variables
        command.environment.emplace_back("TRIBUTARY_RECORD", record);
    }
    const tests::Finished finished = tests::run_to_end(command);
    CHECK_MESSAGE(finished.code == 0, finished.out << finished.error);
    // Of its report, what was counted.
    for (std::size_t at = finished.out.find("\n# "); at != std::string::npos;
         at = finished.out.find("\n# ", at + 1)) {
        const std::string line = finished.out.substr(at + 3, finished.out.find('\n', at + 1) - at - 3);
        const bool counts = line.starts_with("pass ") || line.starts_with("todo ");
        if (counts || (line.front() >= '0' && line.front() <= '9')) {
            MESSAGE(line);
        }
    }
}

}  // namespace

TEST_CASE(
    "the generated client lists, pages, filters, asks on condition, demands freshness and meets errors") {
    run_node(TRIBUTARY_CLIENT "/compiled/drive.js");
}

TEST_CASE("every example of the OpenAPI document is answered as documented") {
    run_node(TRIBUTARY_CONTRACT "/live_examples.mjs");
}

TEST_CASE("query parameters are taken and refused as their schemas say, at every edge") {
    run_node(TRIBUTARY_CONTRACT "/live_parameters.mjs");
}
