#include "services/actions/verdict.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace tributary;
using actions::Patience;
using actions::Standing;
using actions::Verdict;
using domain::Errc;
using domain::Error;
using domain::Result;
using domain::ports::ActionEffect;
using Next = Verdict::Next;
using namespace std::chrono_literals;

namespace {

Result<ActionEffect> effect(bool stands, bool finished) {
    ActionEffect told;
    told.stands = stands;
    told.finished = finished;
    return told;
}

Result<ActionEffect> refusal(Errc code) {
    return domain::fail(code, "A sentence.");
}

/// One that was sent, and nobody knows with what result.
Standing doubted(std::chrono::seconds since_sent = 100s) {
    return {"in_doubt", 0, since_sent, since_sent};
}

const Standing queued{"queued", 0, 1s};
const Standing accepted{"accepted", 0, 1h, 1h};
const std::vector<Errc> every_code{
    Errc::invalid_input,     Errc::not_found,     Errc::gone,        Errc::conflict,  Errc::unauthenticated,
    Errc::permission_denied, Errc::configuration, Errc::unavailable, Errc::timed_out, Errc::throttled,
    Errc::contract,          Errc::stale_owner,   Errc::in_doubt,    Errc::cancelled, Errc::internal};

}  // namespace

TEST_CASE("an effect that stands ends the action, or is accepted until it is finished") {
    CHECK(actions::after_sending(queued, effect(true, true)).state == "succeeded");
    const Verdict waits = actions::after_sending(queued, effect(true, false));
    CHECK(waits.next == Next::settle);
    CHECK(waits.state == "accepted");
    CHECK(waits.pause == 5s);
    CHECK(actions::after_look(doubted(), {}, effect(true, true)).state == "succeeded");
    CHECK(actions::after_look({"accepted", 3, 1h, 1h}, {}, effect(true, false)).pause == 80s);
}

TEST_CASE("after sending, only the provider's own word that it was not done lets it be sent again or fail") {
    for (const Errc code : every_code) {
        CAPTURE(domain::name_of(code));
        const Verdict verdict = actions::after_sending(queued, refusal(code));
        const bool not_done = code == Errc::invalid_input || code == Errc::not_found || code == Errc::gone ||
                              code == Errc::conflict || code == Errc::unauthenticated ||
                              code == Errc::permission_denied || code == Errc::configuration;
        if (not_done) {
            CHECK(verdict.next == Next::settle);
            CHECK(verdict.state == "failed");
            CHECK_FALSE(verdict.code.empty());
        } else {
            CHECK(verdict.next == Next::put_off);
            CHECK(verdict.state == (code == Errc::throttled ? "queued" : "in_doubt"));
        }
    }
}

TEST_CASE("nothing of what is looked at is sent again but what is known not to be there") {
    for (const Errc code : every_code) {
        CAPTURE(domain::name_of(code));
        const Verdict verdict = actions::after_look(doubted(), {}, refusal(code));
        // Only its key can tell, and the provider knows that.
        CHECK((verdict.next == Next::send) == (code == Errc::invalid_input));
    }
    CHECK(actions::after_look(doubted(), {}, effect(false, true)).next == Next::send);
    CHECK(actions::after_look(doubted(), {}, effect(false, false)).next == Next::send);
    CHECK(actions::after_look(accepted, {}, effect(false, false)).next == Next::put_off);
    CHECK(actions::after_look(accepted, {}, effect(false, true)).code == "action_refused");
}

TEST_CASE("a refusal of what was sent before and may have been done says nothing of that") {
    for (const Errc code : every_code) {
        CAPTURE(domain::name_of(code));
        const Verdict again = actions::after_sending(doubted(), refusal(code));
        // These the provider says of the order itself; it did neither.
        const bool of_the_order =
            code == Errc::invalid_input || code == Errc::not_found || code == Errc::gone;
        CHECK(again.state == (of_the_order ? "failed" : "in_doubt"));
        Standing looked_for = doubted();
        looked_for.disproved = true;
        const Verdict first = actions::after_sending(looked_for, refusal(code));
        CHECK((first.state == "failed") == (actions::after_sending(queued, refusal(code)).state == "failed"));
    }
}

TEST_CASE("what was sent before is never queued again, however it was held back") {
    Standing looked_for = doubted();
    looked_for.disproved = true;
    for (const Standing& standing : {doubted(), looked_for}) {
        CHECK(actions::after_sending(standing, refusal(Errc::throttled)).state == "in_doubt");
    }
}

TEST_CASE("what is not there right after it was sent may still come") {
    const Patience patience{.quiet = 2s};
    CHECK(actions::after_look(doubted(1s), patience, effect(false, true)).next == Next::put_off);
    CHECK(actions::after_look(doubted(2s), patience, effect(false, true)).next == Next::send);
}

TEST_CASE("what it is about and is not there ends a look") {
    const Verdict verdict = actions::after_look(doubted(), {}, refusal(Errc::not_found));
    CHECK(verdict.state == "failed");
    CHECK(verdict.code == "not_found");
}

TEST_CASE(
    "a provider that refuses credentials is left alone for an hour, one that asks for a pause gets it") {
    for (const Errc code : {Errc::unauthenticated, Errc::permission_denied, Errc::configuration}) {
        CHECK(actions::after_look(doubted(), {}, refusal(code)).pause == 1h);
    }
    Error throttled{Errc::throttled, "Wait."};
    throttled.retry_after = 70s;
    CHECK(actions::after_look(doubted(), {}, std::unexpected(throttled)).pause == 70s);
    CHECK(actions::after_sending(queued, std::unexpected(throttled)).pause == 70s);
    throttled.retry_after = 0s;
    CHECK(actions::after_sending(queued, std::unexpected(throttled)).pause == 1s);
    throttled.retry_after = 100h;
    CHECK(actions::after_sending(queued, std::unexpected(throttled)).pause == 1h);
}

TEST_CASE("whoever stops leaves the action to the next owner at once") {
    CHECK(actions::after_sending(queued, refusal(Errc::cancelled)).pause == 0s);
    CHECK(actions::after_sending(queued, refusal(Errc::cancelled)).state == "in_doubt");
    CHECK(actions::after_look(doubted(), {}, refusal(Errc::cancelled)).pause == 0s);
}

TEST_CASE("pauses double up to five minutes, and what the provider takes days for is looked at every hour") {
    CHECK(actions::pause_of("in_doubt", 0) == 1s);
    CHECK(actions::pause_of("in_doubt", 8) == 256s);
    CHECK(actions::pause_of("in_doubt", 9) == 300s);
    CHECK(actions::pause_of("in_doubt", 1'000'000) == 300s);
    CHECK(actions::pause_of("accepted", 0) == 5s);
    CHECK(actions::pause_of("accepted", 6) == 300s);
    CHECK(actions::pause_of("accepted", 288) == 300s);
    CHECK(actions::pause_of("accepted", 289) == 1h);
}

TEST_CASE("an action that nobody can be asked about says whether it may have been done") {
    CHECK(actions::out_of_patience(queued).code == "action_not_sent");
    CHECK(actions::out_of_patience({"queued", 3, 23h, 22h}).code == "action_not_sent");
    CHECK(actions::out_of_patience(doubted()).code == "in_doubt");
    CHECK(actions::out_of_patience({"sending", 0, 23h, 23h}).code == "in_doubt");
    CHECK(actions::without_provider(queued, "Why.", true).code == "connection_unusable");
    CHECK(actions::without_provider(doubted(), "Why.", true).code == "in_doubt");
    CHECK(actions::without_provider(doubted(), "Why.", false).next == Next::put_off);
    CHECK(actions::without_provider(accepted, "Why.", false).state == "accepted");
}
