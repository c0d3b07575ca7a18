// P01, P02, P04: answers that say no, or not now.

#include <algorithm>
#include <array>
#include <set>

#include "adapters/http/server/date_line.hpp"
#include "tests/faults/catalogue.hpp"
#include "tests/faults/suffering.hpp"
#include "tests/simulation/observations.hpp"

namespace tributary::faults {

using domain::ConnectionStatus;
using domain::Result;
using domain::ports::HttpAnswer;
using simulation::Instant;
using std::chrono::seconds;

namespace {

constexpr std::size_t attempts_allowed = 4;

Suffering server_error(Trial& trial, int status, std::shared_ptr<int> left) {
    const std::string provider = trial.provider();
    return {.stage = {.provider = provider},
            .begin =
                [&trial, provider, status, left](Stage& stage, const std::string& target) {
                    *left = 1;
                    stage.bend(instead(trial, target,
                                       [provider, status, left](const Honest& honest) -> Result<HttpAnswer> {
                                           return (*left)-- > 0 ? refusal(provider, status) : honest();
                                       }));
                },
            .judge =
                [&trial](const Stage&, const Synced& synced, const std::string& where) {
                    trial.expect(synced.well(), where + ": one 5xx is not survived");
                }};
}

Suffering always(Trial& trial, int status) {
    const std::string provider = trial.provider();
    const auto struck = std::make_shared<std::size_t>(0);
    return {
        .stage = {.provider = provider},
        .begin =
            [&trial, provider, status, struck](Stage& stage, const std::string& target) {
                *struck = trial.times_struck();
                stage.bend(instead(trial, target, [provider, status](const Honest&) -> Result<HttpAnswer> {
                    return refusal(provider, status);
                }));
            },
        .judge =
            [&trial, struck](const Stage&, const Synced& synced, const std::string& where) {
                expect_error(trial, synced, "unavailable", where);
                // In a first run up to three streams ask for the same, to learn who `me` is.
                const std::size_t allowed = attempts_allowed * (where.ends_with("(first run)") ? 3 : 1);
                trial.expect(trial.times_struck() - *struck <= allowed, where + ": asked too often");
            }};
}

void half_of_all(Trial& trial) {
    Stage stage({.provider = trial.provider()});
    const std::string truth = (stage.pages(), stage.contents());
    simulation::Dice dice(7);
    stage.bend([&trial, &dice](const Asked& asked, const Honest& honest) -> Result<HttpAnswer> {
        if (asked.for_token() || dice.chance(0.5)) {
            return honest();
        }
        trial.struck();
        return refusal(trial.provider(), 503);
    });
    std::size_t first = 0;
    std::size_t again = 0;
    const std::size_t runs = trial.pick<std::size_t>(3, 200);
    for (std::size_t i = 0; i < runs; ++i) {
        const std::size_t before = stage.log().size();
        stage.sync();
        std::set<std::string> seen;
        for (std::size_t at = before; at < stage.log().size(); ++at) {
            ++(seen.insert(stage.log()[at].target).second ? first : again);
        }
        stage.pass(std::chrono::minutes(1));
        trial.expect(stage.contents() == truth, "half of all answers 503: what was stored changed");
    }
    // A tenth, and ten to begin with.
    trial.expect(again <= first / 10 + 10, "half of all answers 503: " + std::to_string(again) +
                                               " second attempts for " + std::to_string(first) +
                                               " first ones");
}

void breaker(Trial& trial) {
    Stage stage({.provider = trial.provider()});
    stage.pages();
    stage.bend([&trial](const Asked&, const Honest&) -> Result<HttpAnswer> {
        trial.struck();
        return refusal(trial.provider(), 502);
    });
    const std::size_t before = stage.log().size();
    stage.sync();
    trial.expect(stage.log().size() - before <= 5, "the breaker did not open after five failures");
    const Instant end = stage.now() + std::chrono::minutes(10);
    while (stage.now() < end) {
        stage.sync();
        stage.pass(seconds(3));
    }
    std::vector<Instant> asked;
    for (auto each = stage.log().begin() + static_cast<std::ptrdiff_t>(before) + 5; each < stage.log().end();
         ++each) {
        asked.push_back(each->at);
    }
    trial.expect(asked.size() >= 5, "an open breaker lets no probe through");
    for (std::size_t i = 1; i < asked.size(); ++i) {
        trial.expect(asked[i] - asked[i - 1] >= seconds(29),
                     "an open breaker lets more than its probe through");
    }
}

/// A Retry-After as providers send it, and how long nothing may follow.
struct Pause {
    std::string value;
    seconds lasts;
};

Pause pause_number(std::size_t which, Instant now) {
    const auto date = [now](seconds in) {
        return http::http_date(std::chrono::floor<seconds>(simulation::timestamp_of(now)) + in);
    };
    switch (which % 7) {
        case 0:
            return {"7", seconds(7)};
        case 1:
            return {date(seconds(20)), seconds(19)};
        case 2:
            return {"-5", seconds(1)};
        case 3:
            return {"1000000000", seconds(3600)};
        case 4:
            return {"soon", seconds(1)};
        case 5:
            return {"", seconds(1)};
        default:
            return {"240", seconds(240)};
    }
}

/// One 429 at a place, asked for again and again until it is over and the connection is well again.
void throttle_once(Trial& trial, Stage& stage, const std::string& place, std::size_t which) {
    const Pause pause = pause_number(which, stage.now());
    Instant blocked_at{-1};
    bool first = true;
    stage.bend([&](const Asked& asked, const Honest& honest) -> Result<HttpAnswer> {
        if (asked.target != place || !first) {
            return honest();
        }
        first = false;
        trial.struck();
        HttpAnswer answer = refusal(trial.provider(), 429);
        if (!pause.value.empty()) {
            answer.fields.add("Retry-After", pause.value);
        }
        answer.fields.add(
            "Date", http::http_date(std::chrono::floor<seconds>(simulation::timestamp_of(stage.now()))));
        blocked_at = stage.now();
        return answer;
    });
    const std::size_t before = stage.log().size();
    Synced synced = stage.sync();
    const std::string what = "Retry-After '" + pause.value + "' at " + place;
    if (pause.lasts > std::chrono::minutes(1)) {
        trial.expect(synced.outcome.health.status == ConnectionStatus::rate_limited,
                     what + ": the connection is not rate_limited");
        trial.expect(synced.outcome.next_due_in &&
                         stage.now() + *synced.outcome.next_due_in >= blocked_at + pause.lasts,
                     what + ": the next run is due too soon");
    }
    for (int tries = 0; !synced.well() && tries < 1000; ++tries) {
        stage.pass(pause.lasts / 20 + seconds(1));
        synced = stage.sync();
    }
    trial.expect(synced.well(), what + ": it never gets well again");
    for (std::size_t i = before; i < stage.log().size(); ++i) {
        const Instant at = stage.log()[i].at;
        trial.expect(at <= blocked_at || at >= blocked_at + pause.lasts, what + ": asked during the pause");
    }
    stage.heal();
}

/// What the connection loses in the world, and the stream where that shows.
struct Loss {
    std::string stream;
    std::string kind;
    std::string id;
};

Loss loss_of(Stage& stage, const std::string& provider) {
    const std::string stream = provider == "tdx" ? "sub_accounts" : "accounts";
    for (const auto& [key, row] : stage.database().records.rows()) {
        if (key.stream.stream == stream && !row.removed) {
            if (provider == "tastytrade") {
                return {stream, "access", "tasty-01/" + key.provider_id};
            }
            return {stream, provider == "tdx" ? "sub_account" : "account", key.provider_id};
        }
    }
    return {};
}

void lose_one(Trial& trial, int status) {
    Stage stage({.provider = trial.provider()});
    stage.pages();
    const std::string truth = stage.contents();
    const Loss loss = loss_of(stage, trial.provider());
    const std::string id = loss.id.substr(loss.id.find('/') + 1);
    const std::string operation = R"({"changes":[{"provider":")" + trial.provider() + R"(","kind":")" +
                                  loss.kind + R"(","id":")" + loss.id + R"(","op":")";
    stage.control("/changes", operation + "remove\"}]}");
    stage.bend([&](const Asked& asked, const Honest& honest) -> Result<HttpAnswer> {
        if (!asked.target.ends_with("/" + id)) {
            return honest();
        }
        trial.struck();
        return refusal(trial.provider(), status);
    });
    const Synced synced = stage.sync();
    const std::string what = std::to_string(status) + " for one object";
    trial.expect(synced.well(), what + ": the run does not go on: " + synced.outcome.error_detail);
    trial.expect(stage.removed() == 1, what + ": " + std::to_string(stage.removed()) + " rows were removed");
    stage.heal();
    stage.control("/changes", operation + "readd\"}]}");
    trial.expect(stage.sync().well(), what + ": it does not come back");
    trial.expect(stage.contents() == truth, what + ": it comes back as something else");
}

}  // namespace

void server_errors(Trial& trial) {
    const std::array<int, 4> all{500, 502, 503, 504};
    const auto left = std::make_shared<int>(0);
    for (const int status : trial.full() ? std::vector<int>(all.begin(), all.end()) : std::vector{503}) {
        suffer(trial, server_error(trial, status, left));
        suffer(trial, always(trial, status));
    }
    half_of_all(trial);
    breaker(trial);
}

void throttled(Trial& trial) {
    Stage stage({.provider = trial.provider()});
    const std::vector<std::string> places = stage.places();
    const std::size_t trials = trial.pick<std::size_t>(7, 504);
    for (std::size_t i = 0; i < trials; ++i) {
        throttle_once(trial, stage, places[i / 7 % places.size()], i);
        stage.pass(std::chrono::minutes(1));
    }
}

void object_gone(Trial& trial) {
    lose_one(trial, 404);
    lose_one(trial, 410);
}

}  // namespace tributary::faults
