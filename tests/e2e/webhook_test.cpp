// What Upvest sends by itself: subscribed to by the command line, verified, stored, applied, and never twice.

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <thread>

#include "domain/ids.hpp"
#include "domain/json/write.hpp"
#include "tests/e2e/oracle/ground_truth.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

constexpr auto connection = "upvest-01";

/// One account group of the connection, and ways to change it and to tell of it.
class Group {
  public:
    explicit Group(RunningSystem& system)
        : system_(system),
          id_(text(array(system.sandbox().population(), "upvest.upvest-01.account_groups").front(), "id")) {
        const Viewer viewer{system.tenant(), system.connections()};
        path_ = "/v1/account-groups/" + viewer.id_of("upvest", domain::EntityKind::account_group, id_);
    }

    /// At the provider.
    void change(const std::string& number) const {
        system_.sandbox().change(
            {json::Object{{"op", "change"},
                          {"provider", "upvest"},
                          {"kind", "account_group"},
                          {"id", id_},
                          {"patch", json::Object{{"securities_account_number", number}}}}});
    }

    /// The event that tells of the group as it stands.
    [[nodiscard]] json::Object event() const {
        return {{"type", "ACCOUNT_GROUP.UPDATED"}, {"kind", "account_group"}, {"id", id_}};
    }

    [[nodiscard]] std::string number() const {
        return text(system_.api().get(path_).json, "securities_account_number");
    }

    /// Looks until the document says so.
    void wait_for(const std::string& number) const {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(180);
        while (this->number() != number) {
            if (std::chrono::steady_clock::now() > deadline) FAIL("the event was not applied");
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
    }

  private:
    RunningSystem& system_;
    std::string id_;
    std::string path_;
};

std::string webhook_path(RunningSystem& system) {
    return "/v1/webhooks/upvest/" + system.connections().at(connection);
}

std::string origin(const RunningSystem& system) {
    return "http://127.0.0.1:" + std::to_string(system.settings().port);
}

json::Value inbox(RunningSystem& system) {
    const Answer answer =
        system.api().get("/v1/connections/" + system.connections().at(connection) + "/webhooks");
    REQUIRE(answer.status == 200);
    return answer.json;
}

/// A delivery that is signed and not sent.
json::Value made(RunningSystem& system, json::Array events) {
    return system.sandbox().webhook(
        {{"url", origin(system) + webhook_path(system)}, {"events", std::move(events)}, {"deliver", false}});
}

Answer send(RunningSystem& system, const json::Value& delivery, const std::string& path,
            std::string body = {}) {
    tests::HttpFields fields;
    for (const json::Entry& field : object(delivery, "headers")) {
        if (field.key != "content-length") fields.emplace_back(field.key, *field.value.if_string());
    }
    return system.api().ask("POST", path, fields, body.empty() ? text(delivery, "body") : body);
}

std::vector<std::string> words(const std::string& verb, std::vector<std::string> more = {}) {
    std::vector<std::string> all{"webhook", verb, "--tenant", "main", "--connection", connection, "--json"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

/// Sees to it that the connection has a subscription and that the service will know it: a process asks once a
/// minute at most, a new one has not asked yet.
void subscribe(RunningSystem& system) {
    const bool subscribed = !system.command(words("list")).if_array()->empty();
    system.command(words("subscribe", {"--url", origin(system)}));
    if (!subscribed) {
        system.stop_service();
        system.start_service();
    }
}

}  // namespace

TEST_CASE("a subscription made by the command line brings what changed, once") {
    RunningSystem& system = RunningSystem::synced();
    const json::Value subscribed = system.command(words("subscribe", {"--url", origin(system)}));
    CHECK(*subscribed.find("enabled")->if_bool());
    CHECK(text(subscribed, "url") == origin(system) + webhook_path(system));
    CHECK(text(system.command(words("subscribe", {"--url", origin(system)})), "id") ==
          text(subscribed, "id"));
    CHECK(system.command(words("list")).if_array()->size() == 1);
    CHECK(number(system.command(words("test")), "status") == 200);

    const Group group(system);
    group.change("700000001");
    const json::Value sent =
        system.sandbox().webhook({{"client", connection}, {"events", json::Array{group.event()}}});
    CHECK(number(sent, "status") == 200);
    group.wait_for("700000001");

    // The very same delivery again, and an older one after a newer poll.
    const json::Value late = made(system, {group.event()});
    group.change("700000002");
    system.sync_well({connection});
    CHECK(group.number() == "700000002");
    const auto applied = number(inbox(system), "applied");
    CHECK(send(system, sent, webhook_path(system)).status == 200);
    CHECK(send(system, late, webhook_path(system)).status == 200);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (number(inbox(system), "waiting") != 0 && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    CHECK(number(inbox(system), "applied") == applied);
    CHECK(number(inbox(system), "stale") >= 1);
    CHECK(group.number() == "700000002");

    const tests::Finished removed = run_tributary(system.settings(), words("delete"));
    CHECK_MESSAGE(removed.code == 0, removed.error);
    CHECK(system.command(words("list")).if_array()->empty());
    CHECK(run_tributary(system.settings(), words("test")).code != 0);
}

TEST_CASE("an event of another client's subscription has no effect, however well it is signed") {
    RunningSystem& system = RunningSystem::synced();
    subscribe(system);
    const Group group(system);
    const json::Value before = inbox(system);
    group.change("700000006");
    const json::Value foreign = system.sandbox().webhook({{"client", "upvest-02"},
                                                          {"url", origin(system) + webhook_path(system)},
                                                          {"events", json::Array{group.event()}},
                                                          {"deliver", false}});
    CHECK(send(system, foreign, webhook_path(system)).status == 200);
    const json::Value after = inbox(system);
    CHECK(number(after, "poison") == number(before, "poison") + 1);
    CHECK(number(after, "waiting") == 0);
    CHECK(number(after, "applied") == number(before, "applied"));
    CHECK(text(array(after, "poisoned").front(), "reason").find("subscription") != std::string::npos);
    CHECK(system.database().value("SELECT count(*) FROM webhook_events WHERE state = 'poison' AND payload "
                                  "LIKE '%700000006%'") == "0");

    CHECK(send(system, made(system, {group.event()}), webhook_path(system)).status == 200);
    group.wait_for("700000006");
}

TEST_CASE("what is not proved is refused, and the answers tell nothing apart") {
    RunningSystem& system = RunningSystem::synced();
    subscribe(system);
    const Group group(system);
    const json::Value delivery = made(system, {group.event()});
    const Answer tampered = send(system, delivery, webhook_path(system), text(delivery, "body") + " ");
    const Answer stranger =
        send(system, delivery, "/v1/webhooks/upvest/0190d0c0-0000-7000-8000-000000000001");
    const Answer elsewhere =
        send(system, delivery, "/v1/webhooks/upvest/" + system.connections().at("upvest-02"));
    const Answer other_kind = send(system, delivery, "/v1/webhooks/tdx/" + system.connections().at("tdx-01"));
    for (const Answer& answer : {tampered, stranger, elsewhere, other_kind}) {
        CHECK(answer.status == 401);
        CHECK(answer.unnamed_body() == tampered.unnamed_body());
    }
    CHECK(system.api().ask("POST", webhook_path(system), {}, "{}").status == 400);
    CHECK(system.api().ask("GET", webhook_path(system)).status == 405);
    CHECK(send(system, delivery, webhook_path(system)).status == 200);
}

TEST_CASE("a bundle with poison and unknown events is taken, and the rest of it applied") {
    RunningSystem& system = RunningSystem::synced();
    subscribe(system);
    const Group group(system);
    const auto poison = number(inbox(system), "poison");
    group.change("700000003");
    const json::Value delivery =
        made(system, {17, json::Object{{"type", "USER.CREATED"}},
                      json::Object{{"id", "order-1"}, {"type", "ORDER.EXECUTED"}, {"object", json::Object{}}},
                      group.event()});
    CHECK(send(system, delivery, webhook_path(system)).status == 200);
    group.wait_for("700000003");
    const json::Value after = inbox(system);
    CHECK(number(after, "poison") == poison + 2);
    CHECK(number(after, "ignored") >= 1);
    CHECK_FALSE(text(array(after, "poisoned").front(), "reason").empty());
    CHECK(number(system.command(words("inbox")), "poison") == poison + 2);
}

TEST_CASE("keys that Upvest replaced are asked for anew, and those it dropped open nothing") {
    RunningSystem& system = RunningSystem::synced();
    subscribe(system);
    const Group group(system);
    const json::Value with_former = made(system, {group.event()});
    CHECK(send(system, with_former, webhook_path(system)).status == 200);
    system.sandbox().replace_webhook_keys();
    // A process asks once a minute at most; a new one knows no key yet.
    system.stop_service();
    system.start_service();
    system.sandbox().take_requests();
    group.change("700000004");
    CHECK(send(system, made(system, {group.event()}), webhook_path(system)).status == 200);
    group.wait_for("700000004");
    for (int i = 0; i < 20; ++i) {
        CHECK(send(system, with_former, webhook_path(system)).status == 401);
    }
    for (const json::Value& route : *system.sandbox().take_requests().find("requests")->if_array()) {
        if (text(route, "path") == "/auth/verify_keys") CHECK(number(route, "count") == 1);
    }
}

TEST_CASE("events that wait for a run survive a kill, and are applied after it") {
    RunningSystem& system = RunningSystem::synced();
    subscribe(system);
    const Group group(system);
    // A run that takes its time, so that the events have to wait.
    system.sandbox().fault(
        {{"provider", "upvest"}, {"path_prefix", "/users"}, {"times", 1}, {"delay_ms", 20000}});
    CHECK(system.api().post("/v1/connections/" + system.connections().at(connection) + "/sync").status ==
          202);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (system.database().value("SELECT count(*) FROM due_queue WHERE lease_owner IS NOT NULL") == "0" &&
           std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    group.change("700000005");
    CHECK(send(system, made(system, {group.event()}), webhook_path(system)).status == 200);
    CHECK(number(inbox(system), "waiting") == 1);
    system.kill_service();
    system.sandbox().clear_faults();
    system.start_service();
    group.wait_for("700000005");
    while (number(inbox(system), "waiting") != 0 &&
           std::chrono::steady_clock::now() < deadline + std::chrono::seconds(60)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    CHECK(number(inbox(system), "waiting") == 0);
    system.sync_well({connection});
    CHECK(group.number() == "700000005");
}
