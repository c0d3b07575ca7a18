// What a reader demands of the freshness of an answer: served at once, brought up to date, or told.

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "domain/json/write.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"
#include "tests/support/full_check.hpp"

using namespace tributary;
using namespace tributary::e2e;
using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

namespace {

/// How much later than `wait` an answer may come: 50 ms is what is promised; sanitizers take their time.
milliseconds tolerance() {
    const char* given = std::getenv("TRIBUTARY_CHECK_TOLERANCE_MS");
    return milliseconds(given != nullptr ? std::stol(given) : 500);
}

/// Upvest's accounts of one connection, as the API serves them.
std::vector<json::Value> upvest_accounts(RunningSystem& system) {
    std::vector<json::Value> accounts = system.api().list("/v1/accounts", 1000);
    std::erase_if(accounts, [](const json::Value& account) { return text(account, "provider") != "upvest"; });
    REQUIRE(accounts.size() > 60);
    return accounts;
}

void rename_at_upvest(RunningSystem& system, const json::Value& account, const std::string& name) {
    system.sandbox().change({json::Object{{"op", "change"},
                                          {"provider", "upvest"},
                                          {"kind", "account"},
                                          {"id", text(account, "provider_id")},
                                          {"patch", json::Object{{"name", name}}}}});
}

/// Every single read of an account at Upvest takes this long.
void slow_down(RunningSystem& system, const json::Value& account, milliseconds delay) {
    system.sandbox().fault(json::Object{{"provider", "upvest"},
                                        {"path_prefix", "/accounts/" + text(account, "provider_id")},
                                        {"times", 1000},
                                        {"delay_ms", delay.count()}});
}

/// Requests for data that the providers got since the last call, logins aside.
std::int64_t requests_made(RunningSystem& system) {
    const json::Value asked = system.sandbox().take_requests();
    std::int64_t count = 0;
    for (const json::Value& route : array(asked, "requests")) {
        count += text(route, "method") == "GET" ? number(route, "count") : 0;
    }
    return count;
}

/// Whether a provider was asked for this route since the last look.
bool was_asked(RunningSystem& system, const std::string& path) {
    const json::Value asked = system.sandbox().take_requests();
    return std::ranges::any_of(array(asked, "requests"),
                               [&path](const json::Value& route) { return text(route, "path") == path; });
}

/// Upvest's id of a person whose name nobody else says anything of.
std::string upvest_user_of(const json::Array& customers) {
    for (const json::Value& customer : customers) {
        const json::Array& profiles = array(customer, "profiles");
        if (profiles.size() == 1 && text(customer, "kind") == "person") {
            return text(profiles.front(), "provider_id");
        }
    }
    FAIL("nobody has a profile at Upvest alone");
    return {};
}

bool is_stale(const Answer& answer) {
    const json::Value* stale = find(answer.json, "stale");
    REQUIRE_MESSAGE(stale != nullptr, answer.body);
    return *stale == json::Value(true);
}

std::string path_of(const json::Value& account) {
    return "/v1/accounts/" + text(account, "id");
}

/// Looks until the account has this name; the test fails where it does not get it in time.
void wait_for_name(RunningSystem& system, const json::Value& account, const std::string& name) {
    const auto deadline = SteadyClock::now() + std::chrono::seconds(30);
    while (text(system.api().get(path_of(account)).json, "name") != name) {
        REQUIRE_MESSAGE(SteadyClock::now() < deadline, "the work that was begun did not go on to its end");
        std::this_thread::sleep_for(milliseconds(20));
    }
}

}  // namespace

TEST_CASE("what is fresh enough is answered at once and no provider is asked") {
    RunningSystem& system = RunningSystem::synced();
    const json::Value account = upvest_accounts(system).front();
    requests_made(system);
    for (const std::string& path :
         {path_of(account), std::string("/v1/accounts"), std::string("/v1/customers")}) {
        const Answer answer = system.api().get(path + "?max_age=1h&wait=5s&on_stale=fail");
        REQUIRE_MESSAGE(answer.status == 200, answer.body);
        CHECK_FALSE(is_stale(answer));
        CHECK_FALSE(text(answer.json, "freshness.fetched_at").empty());
        CHECK_FALSE(text(answer.json, "freshness.changed_at").empty());
        CHECK(array(answer.json, "partial").empty());
    }
    CHECK(requests_made(system) == 0);
    CHECK(find(system.api().get(path_of(account)).json, "stale") == nullptr);
}

TEST_CASE("a demand brings a change that was made at the provider moments ago, by one read of that object") {
    RunningSystem& system = RunningSystem::synced();
    const json::Value account = upvest_accounts(system)[1];
    const std::string runs = system.database().value("SELECT count(*) FROM runs");
    rename_at_upvest(system, account, "Renamed just now");
    requests_made(system);
    const Answer answer = system.api().get(path_of(account) + "?max_age=0s&wait=20s");
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    CHECK_FALSE(is_stale(answer));
    CHECK(text(answer.json, "name") == "Renamed just now");
    CHECK(requests_made(system) == 1);
    CHECK(system.database().value("SELECT count(*) FROM runs") == runs);
    // Only of this object: the stream was not walked.
    CHECK(text(answer.json, "freshness.fetched_at") > text(account, "freshness.fetched_at"));
    CHECK(text(answer.json, "freshness.verified_complete_at") ==
          text(account, "freshness.verified_complete_at"));
    const json::Value other = system.api().get(path_of(upvest_accounts(system)[2])).json;
    CHECK(text(other, "freshness.fetched_at") < text(answer.json, "freshness.fetched_at"));
}

TEST_CASE("a demand on what no single read can tell is met by a run of the connection") {
    RunningSystem& system = RunningSystem::synced();
    system.sandbox().change({json::Object{{"op", "change"},
                                          {"provider", "tastytrade"},
                                          {"kind", "account"},
                                          {"id", "5WT00001"},
                                          {"patch", json::Object{{"nickname", "Fresh by a run"}}}}});
    std::vector<json::Value> accounts = system.api().list("/v1/accounts", 1000);
    const auto account =
        std::ranges::find_if(accounts, [](const json::Value& a) { return text(a, "number") == "5WT00001"; });
    REQUIRE(account != accounts.end());
    const Answer answer = system.api().get(path_of(*account) + "?max_age=0s&wait=25s");
    REQUIRE(answer.status == 200);
    CHECK_FALSE(is_stale(answer));
    CHECK(text(answer.json, "name") == "Fresh by a run");
    CHECK(system.database().value("SELECT count(*) > 0 FROM runs WHERE cause = 'on_demand'") == "t");
}

TEST_CASE("who asks while a walk is under way gets what changed behind it, by the run after it") {
    RunningSystem& system = RunningSystem::synced();
    const json::Value source = array(upvest_accounts(system)[6], "freshness.sources").front();
    const std::string list = "/v1/customers?page_size=1000&connection_id=" + text(source, "connection_id");
    const json::Value before = system.api().get(list).json;
    // The stream that a run walks first, so that no other one was walked before the reader came.
    system.sandbox().fault(
        json::Object{{"provider", "upvest"}, {"path_prefix", "/users"}, {"times", 1}, {"delay_ms", 2'000}});
    requests_made(system);
    CHECK(is_stale(system.api().get(list + "&max_age=0s")));
    const auto deadline = SteadyClock::now() + std::chrono::seconds(30);
    while (!was_asked(system, "/users")) {
        REQUIRE(SteadyClock::now() < deadline);
        std::this_thread::sleep_for(milliseconds(20));
    }
    // The provider has looked at its users, and its answer is on the way.
    const std::string user = upvest_user_of(array(before, "items"));
    system.sandbox().change({json::Object{{"op", "change"},
                                          {"provider", "upvest"},
                                          {"kind", "user"},
                                          {"id", user},
                                          {"patch", json::Object{{"first_name", "Behindthewalk"}}}}});
    const Answer answer = system.api().get(list + "&max_age=0s&wait=25s");
    system.sandbox().clear_faults();
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    CHECK_FALSE(is_stale(answer));
    CHECK(answer.body.find("Behindthewalk") != std::string::npos);
}

TEST_CASE("a slow provider's answer is not waited for beyond `wait`, and comes to those who read later") {
    RunningSystem& system = RunningSystem::synced();
    const std::vector<json::Value> accounts = upvest_accounts(system);
    const auto trials = static_cast<std::size_t>(tests::full_or(50, 3));
    milliseconds latest{0};
    for (std::size_t i = 0; i < trials; ++i) {
        const json::Value& account = accounts[10 + i];
        const milliseconds wait(i % 2 == 0 ? 300 : 0);
        rename_at_upvest(system, account, "Slowly " + std::to_string(i));
        slow_down(system, account, milliseconds(1'500));
        const auto asked = SteadyClock::now();
        const Answer answer =
            system.api().get(path_of(account) + "?max_age=0s&wait=" + std::to_string(wait.count()) + "ms");
        const auto late = std::chrono::ceil<milliseconds>(SteadyClock::now() - asked) - wait;
        latest = std::max(latest, late);
        REQUIRE_MESSAGE(answer.status == 200, answer.body);
        CHECK(is_stale(answer));
        CHECK(text(answer.json, "name") == text(account, "name"));
        CHECK(late <= tolerance());
        if (i == 0 || i + 1 == trials) {
            wait_for_name(system, account, "Slowly " + std::to_string(i));
        }
    }
    MESSAGE(trials << " answers, at most " << latest.count() << " ms after `wait` (bar "
                   << tolerance().count() << ")");
    system.sandbox().clear_faults();
}

TEST_CASE("who wants no stale answer gets a problem that says when to come again") {
    RunningSystem& system = RunningSystem::synced();
    const json::Value account = upvest_accounts(system)[4];
    rename_at_upvest(system, account, "Too late");
    slow_down(system, account, milliseconds(1'500));
    const Answer answer = system.api().get(path_of(account) + "?max_age=0s&wait=100ms&on_stale=fail");
    CHECK(answer.status == 503);
    CHECK(answer.code() == "stale_data");
    CHECK_FALSE(answer.field("Retry-After").empty());
    wait_for_name(system, account, "Too late");
    system.sandbox().clear_faults();
}

TEST_CASE("a hundred demands for one object at two replicas cause one request to the provider") {
    RunningSystem& system = RunningSystem::synced();
    ProgramSettings second = system.settings();
    second.port = tests::free_port();
    second.admin_port = tests::free_port();
    const auto replica = system.serve(second);
    const std::vector<json::Value> accounts = upvest_accounts(system);
    const auto credentials = system.api().credentials();
    const auto rounds = static_cast<std::size_t>(tests::full_or(20, 2));
    constexpr std::size_t readers = 100;
    for (std::size_t round = 0; round < rounds; ++round) {
        const json::Value& account = accounts[accounts.size() - 1 - round];
        const std::string name = "Demanded " + std::to_string(round);
        rename_at_upvest(system, account, name);
        // Every other time as fast as it comes, so that some come when others were answered.
        if (round % 2 == 0) slow_down(system, account, milliseconds(700));
        // Whatever ran before this test: nothing is fresh.
        CHECK(system.database().value("WITH aged AS (UPDATE stream_states SET fetched_at = fetched_at - "
                                      "interval '1 hour' RETURNING 1) SELECT count(*) > 0 FROM aged") == "t");
        requests_made(system);
        std::vector<tests::HttpResponse> answers(readers);
        {
            std::vector<std::jthread> threads;
            for (std::size_t i = 0; i < readers; ++i) {
                const std::uint16_t port = i % 2 == 0 ? system.settings().port : second.port;
                threads.emplace_back([&answers, &account, &credentials, i, port] {
                    tests::BlockingHttp http(port);
                    answers[i] = http.ask("GET", path_of(account) + "?max_age=5s&wait=25s", {credentials});
                });
            }
        }
        for (const tests::HttpResponse& answer : answers) {
            REQUIRE_MESSAGE(answer.status == 200, answer.body);
            const json::Value told = tree_of(answer.body);
            CHECK(text(told, "name") == name);
            CHECK(*find(told, "stale") == json::Value(false));
        }
        CHECK(requests_made(system) == 1);
        system.sandbox().clear_faults();
    }
    MESSAGE(rounds << " times " << readers << " demands, one request each time");
    CHECK(replica->stop() == 0);
}

TEST_CASE("an object that the provider does not know any more is removed by a run, not by the read") {
    RunningSystem& system = RunningSystem::synced();
    const json::Value account = upvest_accounts(system)[5];
    system.sandbox().change({json::Object{{"op", "remove"},
                                          {"provider", "upvest"},
                                          {"kind", "account"},
                                          {"id", text(account, "provider_id")}}});
    const Answer answer = system.api().get(path_of(account) + "?max_age=0s&wait=25s");
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    CHECK_FALSE(text(answer.json, "deleted_at").empty());
    CHECK(system.database().value("SELECT c.operation || ' by ' || m.cause FROM changes c JOIN commits m "
                                  "USING (tenant_id, commit_no) "
                                  "WHERE c.document_id = '" +
                                  text(account, "id") + "' ORDER BY c.commit_no DESC LIMIT 1") ==
          "removed by run");
    system.sandbox().change({json::Object{
        {"op", "readd"}, {"provider", "upvest"}, {"kind", "account"}, {"id", text(account, "provider_id")}}});
    // Back before the next test looks at what its customer has.
    std::vector<std::string> names = system.connection_names();
    std::erase_if(names, [](const std::string& name) { return !name.starts_with("upvest"); });
    system.sync_well(names);
}

TEST_CASE("a malformed demand is refused with a pointer to each fault") {
    RunningSystem& system = RunningSystem::synced();
    const Answer answer = system.api().get("/v1/customers?max_age=soon&wait=26s&on_stale=cry");
    CHECK(answer.status == 400);
    REQUIRE(array(answer.json, "errors").size() == 3);
    CHECK(text(array(answer.json, "errors")[0], "pointer") == "/max_age");
    CHECK(text(array(answer.json, "errors")[1], "pointer") == "/wait");
    CHECK(text(array(answer.json, "errors")[2], "pointer") == "/on_stale");
}

TEST_CASE("a merged read names the source that fails and drops nothing of it") {
    RunningSystem& system = RunningSystem::synced();
    std::vector<json::Value> customers = system.api().list("/v1/customers", 1000);
    const auto person = std::ranges::max_element(
        customers, {}, [](const json::Value& customer) { return array(customer, "profiles").size(); });
    const std::string path = "/v1/customers/" + text(*person, "id");
    const json::Value before = system.api().get(path + "/overview").json;
    REQUIRE(array(before, "account_groups").size() > 0);
    // Wrong, but alive: the connection degrades, its host stays trusted.
    system.sandbox().fault(json::Object{
        {"provider", "upvest"}, {"path_prefix", "/users"}, {"times", 1000}, {"status", 400}, {"body", "{}"}});
    const Answer answer = system.api().get(path + "/overview?max_age=0s&wait=25s");
    REQUIRE_MESSAGE(answer.status == 200, answer.body);
    CHECK(is_stale(answer));
    REQUIRE_FALSE(array(answer.json, "partial").empty());
    for (const json::Value& source : array(answer.json, "partial")) {
        CHECK(text(source, "provider") == "upvest");
        CHECK(text(source, "code") == "degraded");
        CHECK_FALSE(text(source, "reason").empty());
    }
    for (const char* kind : {"accounts", "sub_accounts", "account_groups"}) {
        CHECK(array(answer.json, kind).size() == array(before, kind).size());
    }
    const json::Value customer = system.api().get(path).json;
    CHECK_FALSE(array(customer, "partial").empty());
    // An object that nothing of Upvest bears on has no trouble.
    for (const json::Value& account : array(before, "accounts")) {
        if (text(account, "provider") == "tastytrade") {
            CHECK(array(system.api().get(path_of(account)).json, "partial").empty());
        }
    }
    system.sandbox().clear_faults();
}
