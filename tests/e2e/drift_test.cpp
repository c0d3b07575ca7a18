// Providers that change what they send: what operators see of it, and what they do about it.

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "domain/json/write.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

/// The entry of this path, or null.
json::Value entry_of(const std::vector<json::Value>& entries, const std::string& path) {
    const auto found =
        std::ranges::find_if(entries, [&](const json::Value& entry) { return text(entry, "path") == path; });
    return found == entries.end() ? json::Value() : *found;
}

/// Values of a person, each in a place where nobody expects it.
const json::Object planted{{"status", "zebulonia.planted@mail.example"},
                           {"first_name", json::Object{{"given", "Zebulonia"}}},
                           {"unheard_of", "Zebulonia Plantedson"},
                           {"zebulonia.planted@mail.example", "x"},
                           {"birth_date", "Zebulonia, 078-05-1120"}};

const std::vector<std::string> never_shown{"Zebulonia", "Plantedson", "zebulonia", "planted", "078-05"};

std::string file_text(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

void check_shows_nothing(const std::string& where, const std::string& shown) {
    for (const std::string& value : never_shown) {
        CHECK_MESSAGE(shown.find(value) == std::string::npos, where << " shows " << value);
    }
}

json::Object change_of(const std::string& user, json::Object patch) {
    return {{"op", "change"},
            {"provider", "upvest"},
            {"kind", "user"},
            {"id", user},
            {"patch", std::move(patch)}};
}

/// What undoes the planting.
json::Object undoing(const json::Value& user) {
    json::Object patch;
    for (const json::Entry& entry : planted) {
        const json::Value* before = user.find(entry.key);
        patch.push_back({entry.key, before == nullptr ? json::Value() : *before});
    }
    return patch;
}

/// The accounts of tasty-01 as a list in which this many have no number.
json::Object accounts_without_key(RunningSystem& system, std::size_t keyless) {
    json::Array items = array(system.sandbox().population(), "tastytrade.tasty-01.accounts");
    REQUIRE(items.size() >= 2);
    for (std::size_t i = 0; i < std::min(keyless, items.size()); ++i) {
        json::Object item = *items[i].if_object();
        json::Object account = object(items[i], "account");
        std::erase_if(account, [](const json::Entry& entry) { return entry.key == "account-number"; });
        json::set(item, "account", std::move(account));
        items[i] = std::move(item);
    }
    return {{"provider", "tastytrade"},
            {"path_prefix", "/customers/me/accounts"},
            {"method", "GET"},
            {"times", 100},
            {"status", 200},
            {"headers", json::Object{{"Content-Type", "application/json"}}},
            {"body", json::Object{{"data", json::Object{{"items", std::move(items)}}}}}};
}

/// One value for every document, its version and its place in the feed.
std::string fingerprint(const tests::Database& database) {
    return database.value(
        "SELECT md5(string_agg(document_id::text || version || commit_no || body, ',' ORDER BY tenant_id, "
        "document_id)) FROM documents");
}

json::Value sync_of(RunningSystem& system, const std::string& name) {
    return system.sync({name}).at(name);
}

const json::Value& stream_of(const json::Value& tree, std::string_view path, const std::string& name) {
    const json::Array& streams = array(tree, path);
    const auto found = std::ranges::find_if(
        streams, [&](const json::Value& stream) { return text(stream, "stream") == name; });
    REQUIRE(found != streams.end());
    return *found;
}

}  // namespace

TEST_CASE("what a provider sends in the wrong place is told by path and type, and never by value") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    const json::Value user = array(system.sandbox().population(), "upvest.upvest-01.users").at(0);
    const std::string id = text(user, "id");
    system.sandbox().change({change_of(id, planted)});
    const json::Value run = sync_of(system, "upvest-01");
    CHECK(text(run, "state") == "succeeded");
    check_shows_nothing("the run's report", json::write(run));

    const std::vector<json::Value> entries = api.list("/v1/drift", 7);
    check_shows_nothing("the list", json::write(json::Array(entries.begin(), entries.end())));
    CHECK(text(entry_of(entries, "unheard_of"), "kind") == "new_field");
    CHECK(text(entry_of(entries, "unheard_of"), "found") == "string");
    CHECK(text(entry_of(entries, "{}"), "kind") == "new_field");
    CHECK(text(entry_of(entries, "first_name"), "kind") == "changed_type");
    CHECK(text(entry_of(entries, "first_name"), "found") == "object");
    CHECK(text(entry_of(entries, "birth_date"), "kind") == "unreadable_value");
    CHECK(text(entry_of(entries, "unheard_of"), "run_id") == text(run, "id"));
    const json::Value printed =
        system.command({"drift", "list", "--tenant", "main", "--provider", "upvest", "--json"});
    check_shows_nothing("the command", json::write(printed));
    check_shows_nothing("the table", system.database().value("SELECT string_agg(d::text, ' ') FROM drift d"));

    for (const std::string& log : system.logs()) {
        check_shows_nothing(log, file_text(log));
    }

    system.sandbox().change({change_of(id, undoing(user))});
    system.sync_well({"upvest-01"});
}

TEST_CASE("an accepted difference is no longer open, however often it is seen again") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    // Enumerations that nobody documented come with this login for as long as it is synced.
    system.sync_well({"tasty-10"});
    const std::string open = "/v1/drift?provider=tastytrade&state=open";
    const Answer before = api.get(open + "&page_size=1000");
    REQUIRE(array(before.json, "items").size() >= 2);
    const json::Value first = array(before.json, "items")[0];
    const json::Value second = array(before.json, "items")[1];
    const std::string path = "/v1/drift/" + text(first, "id");
    CHECK(system.api_with(system.make_key("main", "read,sync")).post(path + "/accept").status == 403);
    const Answer accepted = api.post(path + "/accept");
    CHECK(accepted.status == 200);
    CHECK(text(accepted.json, "state") == "accepted");
    CHECK(text(system.command({"drift", "accept", text(second, "id"), "--tenant", "main", "--json"}),
               "accepted_by") == "command line");
    system.sync_well({"tasty-10"});
    const Answer after = api.get(open + "&page_size=1000");
    CHECK(array(after.json, "items").size() == array(before.json, "items").size() - 2);
    for (const json::Value& entry : array(api.get("/v1/drift?state=accepted").json, "items")) {
        CHECK(number(entry, "times") > 1);
    }
    CHECK(api.get("/v1/drift?state=strange").pointer() == "/state");
    CHECK(api.get("/v1/drift?stream=a%26b").pointer() == "/stream");
    CHECK(api.post("/v1/drift/none/accept").status == 404);
}

TEST_CASE(
    "an object without its key is put aside, shown to those who may see it, and leaves once it is well") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    const std::string documents = fingerprint(system.database());
    system.sandbox().fault(accounts_without_key(system, 1));
    const json::Value run = sync_of(system, "tasty-01");
    CAPTURE(json::write(run));
    CHECK(text(run, "state") == "succeeded");
    CHECK(fingerprint(system.database()) == documents);

    const std::string list = "/v1/quarantine?connection_id=" + system.connections().at("tasty-01");
    const Answer aside = api.get(list);
    REQUIRE(array(aside.json, "items").size() == 1);
    const json::Value entry = array(aside.json, "items")[0];
    CHECK(text(entry, "stream") == "accounts");
    CHECK(text(entry, "state") == "waiting");
    CHECK(entry.find("raw") == nullptr);
    const std::string path = "/v1/quarantine/" + text(entry, "id");
    CHECK(api.get(path).status == 403);
    const Answer shown = system.api_with(system.make_key("main", "raw")).get(path);
    CHECK(shown.status == 200);
    CHECK(find(shown.json, "raw.account") != nullptr);
    const Answer refused = api.post(path + "/reprocess");
    CHECK(refused.status == 409);
    CHECK(text(refused.json, "detail").find("account-number is missing") != std::string::npos);
    const json::Value listed =
        system.command({"quarantine", "list", "--tenant", "main", "--connection", "tasty-01", "--json"});
    CHECK(text(listed.if_array()->at(0), "state") == "failed");
    CHECK(find(system.command({"quarantine", "show", text(entry, "id"), "--tenant", "main", "--json"}),
               "raw.account") != nullptr);

    // As if a newer program could decode it: what is stored of the account is as new, and stays.
    const std::string number_of_it = text(
        array(system.sandbox().population(), "tastytrade.tasty-01.accounts").at(0), "account.account-number");
    system.database().run(
        "UPDATE quarantine SET raw = jsonb_set(raw::jsonb, '{account,account-number}', to_jsonb('" +
        number_of_it + "'::text))::text WHERE quarantine_id = '" + text(entry, "id") + "'");
    const Answer decoded = api.post(path + "/reprocess");
    CHECK(decoded.status == 200);
    CHECK(text(decoded.json, "outcome") == "superseded");
    CHECK(array(api.get(list).json, "items").empty());
    CHECK(fingerprint(system.database()) == documents);

    system.sandbox().clear_faults();
    system.sync_well({"tasty-01"});
    CHECK(array(api.get(list).json, "items").empty());
    CHECK(fingerprint(system.database()) == documents);
}

TEST_CASE("a stream that lost its keys is paused until it is resumed, and its data stay") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    const std::string documents = fingerprint(system.database());
    const std::string path = "/v1/connections/" + system.connections().at("tasty-01");
    const std::string proven =
        text(stream_of(api.get(path).json, "streams", "accounts"), "verified_complete_at");
    system.sandbox().fault(accounts_without_key(system, 100));
    CHECK(text(sync_of(system, "tasty-01"), "state") == "partial");
    system.sandbox().clear_faults();
    const json::Value skipped = sync_of(system, "tasty-01");
    CHECK(text(skipped, "state") == "partial");
    CHECK(number(stream_of(skipped, "report.streams", "accounts"), "requests") == 0);
    CHECK(text(stream_of(skipped, "report.streams", "customer"), "verdict") == "complete");
    const Answer paused = api.get(path);
    CHECK(text(paused.json, "status") == "degraded");
    CHECK(text(paused.json, "next_step").find("connection resume") != std::string::npos);
    CHECK(text(stream_of(paused.json, "streams", "accounts"), "verdict") == "paused");
    CHECK(text(stream_of(paused.json, "streams", "accounts"), "verified_complete_at") == proven);
    CHECK(fingerprint(system.database()) == documents);

    CHECK(system.api_with(system.make_key("main", "read,sync")).post(path + "/resume").status == 403);
    const Answer resumed = api.post(path + "/resume");
    CHECK(resumed.status == 200);
    system.sync_well({"tasty-01"});
    CHECK(text(api.get(path).json, "status") == "active");
    CHECK(fingerprint(system.database()) == documents);
}
