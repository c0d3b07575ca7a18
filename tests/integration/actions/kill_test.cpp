// The process dies between every two steps of an action, as with kill -9: nothing is done twice, and the key
// keeps standing for the one action.

#include <doctest/doctest.h>

#include <array>

#include "action_fixture.hpp"

using namespace tributary;
using namespace tributary::tests;
using domain::Uuid;
using domain::ports::ActionKind;
using namespace std::chrono_literals;

namespace {

enum class Death { claimed, marked, sent_and_not_done, done_and_not_answered, answered_and_not_stored };

constexpr std::array deaths{Death::claimed, Death::marked, Death::sent_and_not_done,
                            Death::done_and_not_answered, Death::answered_and_not_stored};

/// A process takes the action and dies at this point; whoever comes next finds its lease ended.
void die_at(ActionFixture& fixture, Death death) {
    switch (death) {
        case Death::claimed:
            fixture.claim_action();
            break;
        case Death::marked: {
            const auto claimed = fixture.claim_action();
            good(fixture.store.actions().begin_sending(fixture.tenant, claimed.lease));
            break;
        }
        case Death::sent_and_not_done:
            fixture.bank.performs = {{.does = false, .dies = true}};
            fixture.work();
            break;
        case Death::done_and_not_answered:
            fixture.bank.performs = {{.dies = true}};
            fixture.work();
            break;
        case Death::answered_and_not_stored: {
            const auto claimed = fixture.claim_action();
            good(fixture.store.actions().begin_sending(fixture.tenant, claimed.lease));
            boost::asio::io_context io;
            const auto* provider = fixture.providers.find("upvest");
            const auto session =
                good(provider->open({}, {*fixture.transport, fixture.clock, fixture.random}));
            json::Object arguments;
            if (claimed.view.kind == ActionKind::put_preferences) arguments = {{"language", "german"}};
            if (claimed.view.kind == ActionKind::put_attribute) arguments = {{"key", "k"}};
            good(run_task(io, session->actions()->perform({claimed.view.kind, claimed.provider_subject,
                                                           arguments, claimed.lease.action})));
            break;
        }
    }
    fixture.let_leases_end();
}

void check_one_effect(ActionFixture& fixture, ActionKind kind, const json::Object& arguments) {
    for (const Death death : deaths) {
        CAPTURE(static_cast<int>(death));
        fixture.bank.language = "english";
        fixture.bank.attributes = {"7"};
        fixture.bank.group_status = "active";
        fixture.bank.effects = 0;
        const auto asked =
            fixture.order("dies at " + std::to_string(static_cast<int>(death)), kind, arguments);
        const Uuid id = fixture.begin(asked);
        die_at(fixture, death);
        // Whoever asks again meets the same action, before and after.
        CHECK_FALSE(good(fixture.store.actions().begin_action(fixture.tenant, asked, 24h)).is_new);
        fixture.let_pauses_pass();
        fixture.work_off();
        CHECK(fixture.action(id).state ==
              (kind == ActionKind::close_account_group ? "accepted" : "succeeded"));
        CHECK(good(fixture.store.actions().begin_action(fixture.tenant, asked, 24h)).view.id == id);
        CHECK(fixture.bank.effects == 1);
        fixture.database.run("DELETE FROM action_queue");
    }
}

}  // namespace

TEST_CASE_FIXTURE(ActionFixture, "preferences are changed once wherever the process dies") {
    check_one_effect(*this, ActionKind::put_preferences, {{"language", "german"}});
}

TEST_CASE_FIXTURE(ActionFixture, "an attribute is put once wherever the process dies") {
    check_one_effect(*this, ActionKind::put_attribute, {{"key", "k"}});
}

TEST_CASE_FIXTURE(ActionFixture, "a group is made once wherever the process dies") {
    check_one_effect(*this, ActionKind::create_account_group, {});
}

TEST_CASE_FIXTURE(ActionFixture, "a group is closed once wherever the process dies") {
    check_one_effect(*this, ActionKind::close_account_group, {});
}

TEST_CASE_FIXTURE(ActionFixture,
                  "in a hundred deaths after the effect and before the answer nothing is done twice") {
    for (int i = 0; i < 100; ++i) {
        const bool by_key = i % 2 == 0;
        const auto asked = by_key ? order("loop " + std::to_string(i), ActionKind::create_account_group)
                                  : order("loop " + std::to_string(i), ActionKind::put_attribute,
                                          {{"key", "k" + std::to_string(i)}});
        const Uuid id = begin(asked);
        die_at(*this, Death::done_and_not_answered);
        work_off();
        const auto stored = good(store.actions().action_of_key(tenant, asked.key_hash));
        REQUIRE(stored);
        CHECK(stored->view.id == id);
        CHECK(stored->view.state == "succeeded");
    }
    CHECK(bank.effects == 100);
}
