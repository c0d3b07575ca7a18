// Keys, claims and lines of actions on a real store.

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>

#include "action_fixture.hpp"

using namespace tributary;
using namespace tributary::tests;
using domain::Uuid;
using domain::ports::ActionKind;
using domain::ports::StoredAction;
using namespace std::chrono_literals;

TEST_CASE_FIXTURE(ActionFixture, "of fifty who ask under one key at once, one begins the action") {
    boost::asio::io_context io;
    int begun = 0;
    std::vector<Uuid> told;
    for (int i = 0; i < 50; ++i) {
        domain::ports::NewAction asked = order("same", ActionKind::put_preferences);
        asked.id = id_of("attempt " + std::to_string(i));
        boost::asio::co_spawn(
            io, store.actions().begin_action(tenant, asked, 24h),
            [&](const std::exception_ptr& thrown, const domain::Result<StoredAction>& stored) {
                REQUIRE_FALSE(thrown);
                REQUIRE(stored);
                begun += stored->is_new ? 1 : 0;
                told.push_back(stored->view.id);
            });
    }
    io.run();
    CHECK(begun == 1);
    CHECK(told == std::vector<Uuid>(50, told.front()));
    CHECK(value("SELECT count(*) FROM actions WHERE tenant_id = $T") == "1");
    CHECK(value("SELECT count(*) FROM action_queue WHERE tenant_id = $T") == "1");
}

TEST_CASE_FIXTURE(ActionFixture, "a key stands for its action for a day, and may be used again after it") {
    const auto asked = order("a", ActionKind::put_preferences, {{"language", "german"}});
    const Uuid first = begin(asked);
    work_off();
    let_pass(first, "23 hours 59 minutes");
    CHECK(good(store.actions().action_of_key(tenant, asked.key_hash))->view.id == first);
    CHECK_FALSE(good(store.actions().begin_action(tenant, asked, 24h)).is_new);
    let_pass(first, "1 minute");
    CHECK_FALSE(good(store.actions().action_of_key(tenant, asked.key_hash)));
    auto again = asked;
    again.id = id_of("again " + to_text(tenant));
    const StoredAction second = good(store.actions().begin_action(tenant, again, 24h));
    CHECK(second.is_new);
    CHECK(second.view.id == again.id);
}

TEST_CASE_FIXTURE(ActionFixture, "what is under way keeps its key however old it is, and is not dropped") {
    const auto asked = order("a", ActionKind::put_preferences);
    const Uuid first = begin(asked);
    let_pass(first, "30 hours");
    CHECK_FALSE(good(store.actions().begin_action(tenant, asked, 24h)).is_new);
    good(store.actions().drop_expired_actions());
    CHECK(action(first).state == "queued");
}

TEST_CASE_FIXTURE(ActionFixture, "an action that ended keeps no arguments, and goes once its key is free") {
    const Uuid id = begin_language("a", "german");
    const std::string arguments =
        "SELECT coalesce(sealed_arguments, 'none') FROM actions WHERE action_id = '" + to_text(id) + "'";
    CHECK(value(arguments).contains("german"));
    work_off();
    CHECK(value(arguments) == "none");
    good(store.actions().drop_expired_actions());
    CHECK(action(id).state == "succeeded");
    let_pass(id, "24 hours");
    CHECK(good(store.actions().drop_expired_actions()) == 1);
    CHECK(error_of(store.actions().action(tenant, id)) == "not_found");
}

TEST_CASE_FIXTURE(ActionFixture,
                  "a claim keeps others out until its lease ends, and then counts for nothing") {
    const Uuid id = begin_language("a", "german");
    const auto first = claim_action();
    CHECK(first.lease.action == id);
    CHECK_FALSE(good(store.actions().claim_action(id_of("other"), 60s)));
    good(store.actions().renew_action(tenant, first.lease, 120s));
    let_leases_end();
    const auto second = claim_action();
    CHECK(second.lease.claim == first.lease.claim + 1);

    domain::ports::ActionStore& actions = store.actions();
    CHECK(error_of(actions.renew_action(tenant, first.lease, 60s)) == "stale_owner");
    CHECK(error_of(actions.begin_sending(tenant, first.lease)) == "stale_owner");
    CHECK(error_of(actions.put_off_action(tenant, first.lease, "in_doubt", 1s)) == "stale_owner");
    CHECK(error_of(actions.finish_action(tenant, first.lease)) == "stale_owner");
    const auto settled = page([&](domain::ports::PageTransaction& transaction) -> domain::Result<void> {
        const auto held = transaction.settle_action({.lease = first.lease, .state = "succeeded"});
        return held ? domain::Result<void>() : std::unexpected(held.error());
    });
    CHECK(error_of(settled) == "stale_owner");
    CHECK(action(id).state == "queued");
    CHECK(action(id).attempts == 0);
    good(actions.begin_sending(tenant, second.lease));
    CHECK(action(id).state == "sending");
}

TEST_CASE_FIXTURE(ActionFixture, "whoever gave an action back has it no more") {
    begin_language("a", "german");
    const auto first = claim_action();
    good(store.actions().put_off_action(tenant, first.lease, std::nullopt, 0s));
    CHECK(error_of(store.actions().begin_sending(tenant, first.lease)) == "stale_owner");
    CHECK(claim_action().tries == 1);
}

TEST_CASE_FIXTURE(ActionFixture, "what concerns one object is carried out one after the other") {
    const Uuid first = begin_language("a", "german");
    const Uuid second = begin_language("b", "french");
    const Uuid other = begin_close("c");
    const auto one = claim_action();
    const auto two = claim_action();
    // In the order in which they were begun, not by the chance of their ids.
    const bool in_line =
        one.lease.action != two.lease.action && (one.lease.action == other || two.lease.action == other);
    CHECK(in_line);
    CHECK_FALSE(good(store.actions().claim_action(id_of("other"), 60s)));
    const auto& in_front = one.lease.action == other ? two : one;
    good(store.actions().put_off_action(tenant, in_front.lease, "in_doubt", 3600s));
    // Nobody knows yet what stands: the next one would be overtaken.
    CHECK_FALSE(good(store.actions().claim_action(id_of("other"), 60s)));
    let_pauses_pass();
    const auto again = claim_action();
    CHECK(again.lease.action == in_front.lease.action);
    must([&](domain::ports::PageTransaction& transaction) {
        good(transaction.settle_action({.lease = again.lease, .state = "succeeded"}));
    });
    const Uuid waiting = in_front.lease.action == first ? second : first;
    CHECK(claim_action().lease.action == waiting);
}

TEST_CASE_FIXTURE(ActionFixture, "what the provider accepted lets others about the object pass") {
    const Uuid close = begin_close("a");
    const auto claimed = claim_action();
    must([&](domain::ports::PageTransaction& transaction) {
        good(transaction.settle_action({.lease = claimed.lease, .state = "accepted", .pause = 60s}));
    });
    const Uuid next = begin_close("b");
    CHECK(claim_action().lease.action == next);
    CHECK(action(close).state == "accepted");
}

TEST_CASE_FIXTURE(ActionFixture, "an action's end and what is committed with it are one transaction") {
    const Uuid id = begin_language("a", "german");
    const auto claimed = claim_action();
    const auto failed = page([&](domain::ports::PageTransaction& transaction) -> domain::Result<void> {
        good(transaction.settle_action({.lease = claimed.lease, .state = "succeeded", .object_id = "7"}));
        return domain::fail(domain::Errc::contract, "The page cannot be committed.");
    });
    CHECK(error_of(failed) == "contract");
    CHECK(action(id).state == "queued");
    CHECK(action(id).object_id.empty());
    must([&](domain::ports::PageTransaction& transaction) {
        good(transaction.settle_action({.lease = claimed.lease, .state = "succeeded", .object_id = "7"}));
    });
    CHECK(action(id).state == "succeeded");
    CHECK(action(id).object_id == "7");
}

TEST_CASE_FIXTURE(ActionFixture, "actions are listed in the order of their ids, by state, page by page") {
    std::vector<Uuid> all;
    for (const char* name : {"a", "b", "c", "d", "e"}) {
        all.push_back(begin(order(name, ActionKind::put_preferences)));
    }
    std::ranges::sort(all);
    const auto ids = [&](const domain::ports::ActionQuery& query) {
        std::vector<Uuid> found;
        for (const auto& one : good(store.actions().actions(tenant, query)))
            found.push_back(one.id);
        return found;
    };
    CHECK(ids({}) == all);
    CHECK(ids({{}, {}, 2}) == std::vector<Uuid>{all[0], all[1]});
    CHECK(ids({{}, all[1], 2}) == std::vector<Uuid>{all[2], all[3]});
    const Uuid sending = claim_action().lease.action;
    database.run("UPDATE actions SET state = 'sending' WHERE action_id = '" + to_text(sending) + "'");
    CHECK(ids({.state = "sending"}) == std::vector<Uuid>{sending});
    CHECK(ids({.state = "failed"}).empty());
}

TEST_CASE_FIXTURE(ActionFixture, "a second tenant sees nothing of an action, and may use the same key") {
    const auto asked = order("a", ActionKind::put_preferences);
    const Uuid id = begin(asked);
    const Uuid own = tenant;
    ActionFixture other;
    domain::ports::ActionStore& actions = other.store.actions();
    CHECK(error_of(actions.action(other.tenant, id)) == "not_found");
    CHECK(good(actions.actions(other.tenant, {})).empty());
    CHECK_FALSE(good(actions.action_of_key(other.tenant, asked.key_hash)));
    CHECK(error_of(actions.action_target(other.tenant, {domain::EntityKind::profile, profile()})) ==
          "not_found");
    auto same_key = other.order("a", ActionKind::put_preferences);
    same_key.key_hash = asked.key_hash;
    CHECK(good(actions.begin_action(other.tenant, same_key, 24h)).is_new);
    CHECK(good(store.actions().action_of_key(own, asked.key_hash))->view.id == id);
}

TEST_CASE_FIXTURE(ActionFixture, "a target names who sees it, and what hangs off it") {
    const auto target =
        good(store.actions().action_target(tenant, {domain::EntityKind::profile, profile(), "7"}));
    CHECK(target.provider_id == "p1");
    REQUIRE(target.holders.size() == 1);
    CHECK(target.holders[0].connection.id == connection.id);
    CHECK(target.holders[0].connection.self.profile == "p1");
    REQUIRE(target.holders[0].parts.size() == 1);
    CHECK(target.holders[0].parts[0].contains("\"7\""));
    CHECK(good(store.actions().action_target(tenant, {domain::EntityKind::profile, profile(), "p1"}))
              .holders[0]
              .parts.empty());
    CHECK(error_of(store.actions().action_target(tenant, {domain::EntityKind::account_group, profile()})) ==
          "not_found");
    CHECK(error_of(store.actions().action_target(tenant, {domain::EntityKind::profile, id_of("none")})) ==
          "not_found");
}
