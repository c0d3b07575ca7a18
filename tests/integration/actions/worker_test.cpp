// What the provider's answers come to, and that nothing is done twice.

#include <doctest/doctest.h>

#include "action_fixture.hpp"

using namespace tributary;
using namespace tributary::tests;
using domain::Errc;
using domain::Uuid;
using domain::ports::ActionKind;
using Turn = ChangingBank::Turn;
using namespace std::chrono_literals;

namespace {

std::optional<domain::Error> error(Errc code) {
    return domain::Error{code, "As the test says."};
}

Turn lost(bool done) {
    return {.does = done, .answers = error(Errc::timed_out)};
}

using Asked = std::vector<std::string>;

}  // namespace

TEST_CASE_FIXTURE(ActionFixture,
                  "a change is done once, shown at once, and named in the commit that shows it") {
    const Uuid id = begin_language("a", "german");
    CHECK(stored_language() == "english");
    CHECK(work());
    const auto done = action(id);
    CHECK(done.state == "succeeded");
    CHECK(done.attempts == 1);
    CHECK(stored_language() == "german");
    REQUIRE(done.commit);
    CHECK(value("SELECT cause || ' ' || run_id FROM commits WHERE tenant_id = $T AND commit_no = " +
                std::to_string(*done.commit)) == "action " + to_text(id));
    CHECK(bank.effects == 1);
    CHECK_FALSE(work());
    CHECK(ended == std::vector<std::string>{"put_preferences succeeded"});
}

TEST_CASE_FIXTURE(ActionFixture, "the documents change only once the provider has confirmed") {
    bank.performs = {lost(true)};
    bank.looks = {{.answers = error(Errc::unavailable)}};
    const Uuid id = begin_language("a", "german");
    work();
    CHECK(action(id).state == "in_doubt");
    CHECK(stored_language() == "english");
    let_pauses_pass();
    work();
    CHECK(action(id).state == "in_doubt");
    CHECK(stored_language() == "english");
    let_pauses_pass();
    work();
    CHECK(action(id).state == "succeeded");
    CHECK(stored_language() == "german");
    CHECK(bank.asked == Asked{"perform", "look", "look"});
    CHECK(bank.effects == 1);
}

TEST_CASE_FIXTURE(ActionFixture, "what was lost and is not there is sent again") {
    bank.performs = {lost(false)};
    const Uuid id = begin_language("a", "german");
    work();
    let_pauses_pass();
    work();
    CHECK(action(id).state == "succeeded");
    CHECK(action(id).attempts == 2);
    CHECK(bank.asked == Asked{"perform", "look", "perform"});
    CHECK(bank.effects == 1);
}

TEST_CASE_FIXTURE(ActionFixture, "a look right after sending proves nothing: the request may be on its way") {
    patience.quiet = 100s;
    bank.performs = {lost(false)};
    const Uuid id = begin_language("a", "german");
    work();
    let_pauses_pass();
    work();
    CHECK(action(id).state == "in_doubt");
    CHECK(bank.asked == Asked{"perform", "look"});
    let_pass(id, "101 seconds");
    work();
    CHECK(action(id).state == "succeeded");
    CHECK(bank.asked == Asked{"perform", "look", "look", "perform"});
}

TEST_CASE_FIXTURE(ActionFixture, "a creation that only its key can tell is sent again with the same key") {
    bank.performs = {lost(true)};
    const Uuid id = begin(order("a", ActionKind::create_account_group));
    work();
    let_pauses_pass();
    work();
    const auto done = action(id);
    CHECK(done.state == "succeeded");
    CHECK(bank.asked == Asked{"perform", "look", "perform"});
    CHECK(bank.groups_made == std::set<std::string>{to_text(id)});
    CHECK(bank.effects == 1);
    CHECK(done.object_id == to_text(group("made-" + to_text(id))));
    CHECK(value("SELECT kind FROM documents WHERE tenant_id = $T AND document_id = '" + done.object_id +
                "'") == "account_group");
}

TEST_CASE_FIXTURE(ActionFixture, "an attribute is put and deleted once, and shown so") {
    const Uuid put = begin(order("a", ActionKind::put_attribute, {{"key", "8"}}));
    work();
    CHECK(action(put).object_id == "8");
    CHECK(
        value("SELECT count(*) FROM records WHERE tenant_id = $T AND stream = 'attributes' AND removed_at IS "
              "NULL") == "2");
    auto deletion = order("b", ActionKind::delete_attribute);
    deletion.provider_subject = "7";
    bank.performs = {lost(true)};
    const Uuid gone = begin(deletion);
    work();
    let_pauses_pass();
    work();
    CHECK(action(gone).state == "succeeded");
    CHECK(action(gone).commit);
    CHECK(bank.effects == 2);
    CHECK(value("SELECT provider_id FROM records WHERE tenant_id = $T AND stream = 'attributes' AND "
                "removed_at IS "
                "NULL") == "8");
}

TEST_CASE_FIXTURE(ActionFixture, "what the provider refuses ends the action and changes nothing") {
    struct Case {
        Errc answered;
        std::string code;
    };

    for (const auto& [answered, code] :
         {Case{Errc::invalid_input, "action_refused"}, Case{Errc::not_found, "not_found"},
          Case{Errc::conflict, "conflict"}, Case{Errc::permission_denied, "permission_denied"},
          Case{Errc::unauthenticated, "connection_unusable"}}) {
        CAPTURE(code);
        bank.performs = {{.does = false, .answers = error(answered)}};
        const Uuid id = begin_language(code, "german");
        work();
        CHECK(action(id).state == "failed");
        CHECK(action(id).error_code == code);
        CHECK_FALSE(action(id).error_detail.empty());
    }
    CHECK_FALSE(work());
    CHECK(stored_language() == "english");
    CHECK(bank.effects == 0);
}

TEST_CASE_FIXTURE(ActionFixture,
                  "a throttled action waits as long as it is told and is sent without a look") {
    domain::Error throttled{Errc::throttled, "Wait."};
    throttled.retry_after = 40s;
    bank.performs = {{.does = false, .answers = throttled}};
    const Uuid id = begin_language("a", "german");
    work();
    CHECK(action(id).state == "queued");
    CHECK(due_in(id) == "40");
    let_pauses_pass();
    work();
    CHECK(action(id).state == "succeeded");
    CHECK(bank.asked == Asked{"perform", "perform"});
}

TEST_CASE_FIXTURE(ActionFixture, "who cannot be asked is asked more and more rarely") {
    bank.performs = {lost(false)};
    bank.looks.assign(20, {.answers = error(Errc::unavailable)});
    const Uuid id = begin_language("a", "german");
    std::vector<std::string> pauses;
    for (int i = 0; i < 11; ++i) {
        work();
        pauses.push_back(due_in(id));
        let_pauses_pass();
    }
    CHECK(pauses ==
          std::vector<std::string>{"1", "2", "4", "8", "16", "32", "64", "128", "256", "300", "300"});
}

TEST_CASE_FIXTURE(ActionFixture,
                  "what was accepted is shown so, looked at again, and ends when it is finished") {
    const Uuid id = begin_close("a");
    work();
    CHECK(action(id).state == "accepted");
    CHECK(stored_status() == "closing");
    CHECK(due_in(id) == "5");
    let_pauses_pass();
    work();
    CHECK(action(id).state == "accepted");
    CHECK(due_in(id) == "10");
    bank.group_status = "closed";
    let_pauses_pass();
    work();
    CHECK(action(id).state == "succeeded");
    CHECK(stored_status() == "closed");
    CHECK(bank.asked == Asked{"perform", "look", "look"});
    CHECK(bank.effects == 1);
}

TEST_CASE_FIXTURE(ActionFixture,
                  "whatever else says that the group is closed ends the action at once, unasked") {
    const Uuid id = begin_close("a");
    work();
    CHECK_FALSE(work());
    bank.group_status = "closed";
    walk();
    // No pause has passed: the commit of the walk made it due.
    CHECK(work());
    CHECK(action(id).state == "succeeded");
    CHECK(bank.asked == Asked{"perform"});
}

TEST_CASE_FIXTURE(
    ActionFixture,
    "what the provider accepted is waited for, also while it looks as if nothing had been asked") {
    const Uuid id = begin_close("a");
    work();
    bank.group_status = "active";
    let_pauses_pass();
    work();
    // Not closed and not finished: it may come yet.
    CHECK(action(id).state == "accepted");
    CHECK(bank.effects == 1);
}

TEST_CASE_FIXTURE(ActionFixture, "after a run in between, the action ends and a run brings the document") {
    bank.before_perform = [this]() -> domain::ports::Task<void> {
        walk();
        co_return;
    };
    const Uuid id = begin_language("a", "german");
    work();
    CHECK(action(id).state == "succeeded");
    CHECK_FALSE(action(id).commit);
    CHECK(stored_language() == "english");
    const std::string queued =
        "SELECT count(*) FROM runs WHERE tenant_id = $T AND state = 'queued' AND cause = 'action'";
    CHECK(value(queued) == "0");
    CHECK(work());
    CHECK(value(queued) == "1");
    CHECK_FALSE(work());
    walk();
    CHECK(stored_language() == "german");
    CHECK(bank.effects == 1);
}

TEST_CASE_FIXTURE(ActionFixture,
                  "a run that began before the action ended is waited for, and another one asked for") {
    good(store.connections().request_run(tenant, connection.id, "manual"));
    const auto running = claim(connection.id);
    const Uuid id = begin_language("a", "german");
    work();
    CHECK(action(id).state == "succeeded");
    CHECK(work());
    CHECK(due_in(id) == "2");
    good(store.connections().finish_run(tenant, lease_of(running), running.run_id, succeeded()));
    let_pauses_pass();
    CHECK(work());
    CHECK_FALSE(work());
    CHECK(value("SELECT count(*) FROM runs WHERE tenant_id = $T AND state = 'queued' AND cause = 'action'") ==
          "1");
}

TEST_CASE_FIXTURE(ActionFixture,
                  "what cannot be found out in 23 hours ends in doubt and says what to look at") {
    bank.performs = {lost(true)};
    bank.looks = {{.answers = error(Errc::unavailable)}};
    const Uuid id = begin_language("a", "german");
    work();
    let_pass(id, "23 hours");
    let_pauses_pass();
    work();
    CHECK(action(id).state == "failed");
    CHECK(action(id).error_code == "in_doubt");
    CHECK(action(id).error_detail.contains("look at the object"));
    // Not without a last look.
    CHECK(bank.asked == Asked{"perform", "look"});
    // Its key stands for what came of it as long as a key does.
    CHECK(action(id).expires_at - *action(id).ended_at >= 24h);
    // What came of it is for a run to find out.
    CHECK(work());
    CHECK(value("SELECT count(*) FROM runs WHERE tenant_id = $T AND state = 'queued' AND cause = 'action'") ==
          "1");
}

TEST_CASE_FIXTURE(ActionFixture, "what the provider accepted may take it days") {
    const Uuid id = begin_close("a");
    work();
    let_pass(id, "3 days");
    work();
    CHECK(action(id).state == "accepted");
    bank.group_status = "closed";
    let_pauses_pass();
    work();
    CHECK(action(id).state == "succeeded");
    CHECK(action(id).expires_at - *action(id).ended_at >= 24h);
}

TEST_CASE_FIXTURE(
    ActionFixture,
    "a creation that was lost and may stand is not said to be undone because the next sending is refused") {
    bank.performs = {lost(true), {.does = false, .answers = error(Errc::unauthenticated)}};
    const auto asked = order("a", ActionKind::create_account_group);
    const Uuid id = begin(asked);
    work();
    let_pauses_pass();
    work();
    CHECK(action(id).state == "in_doubt");
    CHECK_FALSE(action(id).ended_at);
    let_pauses_pass();
    work();
    CHECK(action(id).state == "succeeded");
    CHECK(bank.effects == 1);
}

TEST_CASE_FIXTURE(ActionFixture, "what could not be sent in 23 hours changed nothing, and says so") {
    const Uuid id = begin_language("a", "german");
    let_pass(id, "23 hours");
    work();
    CHECK(action(id).error_code == "action_not_sent");
    CHECK(bank.asked.empty());
}

TEST_CASE_FIXTURE(ActionFixture, "credentials that were refused are not tried again for an action") {
    const Uuid fresh = begin_language("a", "german");
    database.run("UPDATE connections SET health = 'reauth_required' WHERE tenant_id = '" + to_text(tenant) +
                 "'");
    work();
    CHECK(action(fresh).error_code == "connection_unusable");
    database.run("UPDATE connections SET health = 'active' WHERE tenant_id = '" + to_text(tenant) + "'");
    bank.performs = {lost(true)};
    const Uuid doubted = begin_language("b", "french");
    work();
    database.run("UPDATE connections SET health = 'reauth_required' WHERE tenant_id = '" + to_text(tenant) +
                 "'");
    let_pauses_pass();
    work();
    CHECK(action(doubted).state == "in_doubt");
    CHECK(bank.asked == Asked{"perform"});
}

TEST_CASE_FIXTURE(ActionFixture, "an action whose connection goes away ends, and says whether it was sent") {
    bank.performs = {lost(true)};
    const Uuid sent = begin_language("a", "german");
    work();
    const Uuid queued = begin_close("b");
    good(store.connections().remove_connection(tenant, connection.id));
    let_pauses_pass();
    work();
    work();
    CHECK(action(sent).error_code == "in_doubt");
    CHECK(action(queued).error_code == "connection_unusable");
}
