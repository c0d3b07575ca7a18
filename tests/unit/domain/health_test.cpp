#include "domain/health.hpp"

#include <doctest/doctest.h>

using namespace tributary::domain;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Status = ConnectionStatus;

namespace {

constexpr std::optional<std::chrono::seconds> hourly = 1h;

RunFindings failed(Errc code, std::optional<std::chrono::seconds> retry_after = std::nullopt) {
    return {.failure = Error{code, "why", {}, retry_after}};
}

Health working() {
    return {.status = Status::active};
}

/// The extremes of the next pause over what chance may give.
struct Range {
    milliseconds low;
    milliseconds high;

    friend bool operator==(const Range&, const Range&) = default;
};

Range pauses(const Health& before, const RunFindings& found,
             std::optional<std::chrono::seconds> period = hourly) {
    return {judge(before, found, period, 0.0).next_due_in.value(),
            judge(before, found, period, 1.0).next_due_in.value()};
}

}  // namespace

TEST_CASE("a connection that works keeps its period within ten percent") {
    const Judgement judged = judge(working(), {}, hourly, 0.5);
    CHECK(judged.health == working());
    CHECK(judged.next_due_in == 1h);
    CHECK(pauses(working(), {}) == Range{54min, 66min});
}

TEST_CASE("the second run of connections made together is spread over the whole period") {
    CHECK(pauses({}, {}) == Range{10s, 1h});
    CHECK(pauses({}, {}, 5s) == Range{5s, 5s});
}

TEST_CASE("trouble makes runs rarer, up to one an hour, and one good run ends that") {
    Health health = working();
    std::vector<milliseconds> highest;
    for (int run = 0; run < 8; ++run) {
        const Range range = pauses(health, failed(Errc::unavailable));
        CHECK(range.low == 1min);
        highest.push_back(range.high);
        health = judge(health, failed(Errc::unavailable), hourly, 0.5).health;
        CHECK(health.status == Status::degraded);
        CHECK(health.reason == "why");
        CHECK_FALSE(health.next_step.empty());
    }
    CHECK(highest == std::vector<milliseconds>{2min, 4min, 8min, 16min, 32min, 1h, 1h, 1h});
    CHECK(health.failures == 8);
    health = judge(health, {}, hourly, 0.5).health;
    CHECK(health == working());
}

TEST_CASE("many failures do not overflow the pause") {
    Health health = working();
    health.failures = 1'000'000;
    CHECK(pauses(health, failed(Errc::timed_out)) == Range{1min, 1h});
}

TEST_CASE("a connection in trouble is never asked more often than its period") {
    CHECK(pauses(working(), failed(Errc::unavailable), 10s) == Range{10s, 20s});
}

TEST_CASE("a provider that asks for a pause gets it, at most an hour of it, and never less") {
    CHECK(judge(working(), failed(Errc::throttled, 100s), hourly, 0.5).health.status == Status::rate_limited);
    CHECK(pauses(working(), failed(Errc::throttled, 100s)) == Range{100s, 105s});
    CHECK(pauses(working(), failed(Errc::throttled, 0s)) == Range{1s, 1100ms});
    CHECK(pauses(working(), failed(Errc::throttled, std::chrono::seconds(1'000'000'000))) ==
          Range{1h, 1h + 5s});
    CHECK(pauses(working(), failed(Errc::throttled)) == Range{1min, 2min});
    CHECK(pauses(working(), failed(Errc::unavailable, 100s)) == Range{100s, 105s});
}

TEST_CASE("refused credentials stop the schedule, and the third refusal in a row every run") {
    const Judgement first = judge(working(), failed(Errc::unauthenticated), hourly, 0.5);
    CHECK(first.health.status == Status::reauth_required);
    CHECK(first.health.next_step.contains("connection repair"));
    CHECK_FALSE(first.next_due_in);
    const Judgement second = judge(first.health, failed(Errc::unauthenticated), hourly, 0.5);
    CHECK(second.health.status == Status::reauth_required);
    const Judgement third = judge(second.health, failed(Errc::unauthenticated), hourly, 0.5);
    CHECK(third.health.status == Status::disabled);
    CHECK(third.health.reason.contains("3 times"));
    CHECK_FALSE(third.next_due_in);
}

TEST_CASE("other trouble before a refusal does not count as refusals") {
    Health health = working();
    for (int run = 0; run < 5; ++run) {
        health = judge(health, failed(Errc::unavailable), hourly, 0.5).health;
    }
    CHECK(judge(health, failed(Errc::unauthenticated), hourly, 0.5).health.status == Status::reauth_required);
}

TEST_CASE("a fault of our own installation backs off and never disables a connection") {
    Health health = working();
    for (int run = 0; run < 10; ++run) {
        const Judgement judged = judge(health, failed(Errc::configuration), hourly, 0.5);
        CHECK(judged.next_due_in);
        health = judged.health;
        CHECK(health.status == Status::degraded);
    }
}

TEST_CASE("a stream that kept changing degrades the connection, and a waiting proposal holds it") {
    const Judgement changing = judge(working(), {.incomplete = "it kept changing"}, hourly, 0.0);
    CHECK(changing.health.status == Status::degraded);
    CHECK(changing.health.reason == "it kept changing");
    CHECK(changing.next_due_in == 1min);
    const Uuid run = named_uuid({}, "run");
    const Judgement held = judge(working(), {.proposal = run}, hourly, 0.5);
    CHECK(held.health.status == Status::held);
    CHECK(held.health.next_step.contains(to_text(run)));
    CHECK(held.next_due_in == 1h);
    RunFindings both = failed(Errc::unavailable);
    both.proposal = run;
    CHECK(judge(working(), both, hourly, 0.5).health.status == Status::degraded);
}

TEST_CASE("a walk that was resumed brings the next whole one forward") {
    const RunFindings resumed{.unsettled = true};
    CHECK(pauses(working(), resumed) == Range{1min, 2min});
    CHECK(pauses(working(), resumed, 10s) == Range{10s, 10s});
    CHECK(judge(working(), resumed, hourly, 0.5).health == working());
}

TEST_CASE("a connection without a schedule is never due by itself") {
    for (const RunFindings& found : {RunFindings{}, RunFindings{.unsettled = true}, failed(Errc::unavailable),
                                     failed(Errc::throttled, 5s)}) {
        CHECK_FALSE(judge(working(), found, std::nullopt, 0.5).next_due_in);
    }
}

TEST_CASE("a paused stream degrades its connection until somebody acts, and the others keep their time") {
    const RunFindings found{.paused = "None of them has its key."};
    const Judgement judged = judge(working(), found, hourly, 0.5);
    CHECK(judged.health.status == Status::degraded);
    CHECK(judged.health.reason == found.paused);
    CHECK(judged.health.next_step.find("connection resume") != std::string::npos);
    CHECK(judged.next_due_in == 1h);
    CHECK(judge(judged.health, found, hourly, 0.5).next_due_in == 1h);
}

TEST_CASE("a paused stream is shown before what passes by itself, and after what stops the whole run") {
    const RunFindings kept_changing{.incomplete = "It kept changing.", .paused = "No key."};
    CHECK(judge(working(), kept_changing, hourly, 0.5).health.reason == "No key.");
    CHECK(pauses(working(), kept_changing) == pauses(working(), failed(Errc::unavailable)));
    RunFindings refused = failed(Errc::unauthenticated);
    refused.paused = "No key.";
    CHECK(judge(working(), refused, hourly, 0.5).health.status == Status::reauth_required);
}
