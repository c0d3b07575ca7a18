// P03, P23, P24: tokens that end, and clocks that disagree.

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>

#include "tests/faults/catalogue.hpp"
#include "tests/faults/suffering.hpp"

namespace tributary::faults {

using domain::ConnectionStatus;
using domain::Result;
using domain::ports::HttpAnswer;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

/// A login that has tokens at all: T-DX's API keys have none.
std::string login_with_tokens(const std::string& provider) {
    return provider == "tdx" ? "tdx-06" : "";
}

StageOptions with_tokens(const Trial& trial) {
    return {.provider = trial.provider(), .login = login_with_tokens(trial.provider())};
}

void age(Stage& stage, seconds by) {
    stage.control("/clock", R"({"advance_seconds":)" + std::to_string(by.count()) + "}");
}

void expired_in_the_middle(Trial& trial) {
    const auto aged = std::make_shared<bool>(false);
    suffer(trial, {.stage = with_tokens(trial),
                   .begin =
                       [&trial, aged](Stage& stage, const std::string& target) {
                           *aged = false;
                           stage.bend([&trial, &stage, aged, target](
                                          const Asked& asked, const Honest& honest) -> Result<HttpAnswer> {
                               if (asked.target == target && !std::exchange(*aged, true)) {
                                   trial.struck();
                                   age(stage, hours(24));
                               }
                               return honest();
                           });
                       },
                   .judge =
                       [&trial](const Stage&, const Synced& synced, const std::string& where) {
                           trial.expect(synced.well(), where + ": a token that ended is not renewed: " +
                                                           synced.outcome.error_detail);
                           trial.expect(synced.token_calls <= 2,
                                        where + ": " + std::to_string(synced.token_calls) + " token calls");
                       }});
}

void refused(Trial& trial, int status) {
    Stage stage(with_tokens(trial));
    const std::string truth = (stage.pages(), stage.contents());
    age(stage, hours(24 * 8));
    std::size_t data_after = 0;
    bool has_refused = false;
    stage.bend([&](const Asked& asked, const Honest& honest) -> Result<HttpAnswer> {
        if (!asked.for_token()) {
            data_after += has_refused ? 1 : 0;
            return honest();
        }
        trial.struck();
        has_refused = true;
        return refusal(trial.provider(), status);
    });
    const Synced synced = stage.sync();
    const std::string what = "token call refused with " + std::to_string(status);
    trial.expect(synced.outcome.health.status == ConnectionStatus::reauth_required,
                 what + ": the connection is not reauth_required");
    trial.expect(!synced.outcome.next_due_in, what + ": it is called again by itself");
    trial.expect(!synced.outcome.health.next_step.empty(), what + ": nobody is told what to do");
    trial.expect(synced.token_calls <= 2, what + ": asked again and again");
    trial.expect(data_after == 0, what + ": asked for data all the same");
    trial.expect(stage.contents() == truth, what + ": what was stored changed");
}

/// What became of fetches that were begun together.
struct Fetches {
    std::size_t good = 0;
    std::size_t ended = 0;
};

domain::ports::Task<void> fetch_into(domain::ports::ProviderSession& session, std::string stream,
                                     std::shared_ptr<Fetches> fetches) {
    const Result<domain::Page> page = co_await session.fetch(stream, {.cursor = {}, .limit = 1});
    fetches->good += page ? 1 : 0;
    ++fetches->ended;
}

domain::ports::Task<std::size_t> fetch_at_once(domain::ports::ProviderSession& session, std::string stream,
                                               domain::ports::Clock& clock, std::size_t times) {
    const auto executor = co_await boost::asio::this_coro::executor;
    const auto fetches = std::make_shared<Fetches>();
    for (std::size_t i = 0; i < times; ++i) {
        boost::asio::co_spawn(executor, fetch_into(session, stream, fetches),
                              [](const std::exception_ptr&) {});
    }
    while (fetches->ended < times) {
        co_await clock.sleep(std::chrono::milliseconds(10));
    }
    co_return fetches->good;
}

void fifty_at_once(Trial& trial) {
    constexpr std::size_t users = 50;
    Stage stage(with_tokens(trial));
    const auto session = stage.open();
    const std::string stream = session->streams().front().name;
    stage.run(fetch_at_once(*session, stream, stage.clock(), 1));
    age(stage, hours(24));
    const std::size_t before = stage.log().size();
    const std::size_t good = stage.run(fetch_at_once(*session, stream, stage.clock(), users));
    std::size_t renewals = 0;
    for (std::size_t i = before; i < stage.log().size(); ++i) {
        renewals += stage.log()[i].for_token() ? 1 : 0;
    }
    trial.struck();
    trial.expect(good == users, "fifty requests at once: only " + std::to_string(good) + " succeed");
    trial.expect(renewals == 1, "fifty requests at once: " + std::to_string(renewals) + " renewals");
}

void expect_clock_trouble(Trial& trial, const Synced& synced, const std::string& what) {
    // Plain tokens are not timed, and a run with them goes well.
    if (synced.well()) {
        return;
    }
    trial.expect(synced.outcome.error_detail.find("clock") != std::string::npos,
                 what + ": the clocks are not named: " + synced.outcome.error_detail);
    trial.expect(synced.outcome.health.status == ConnectionStatus::degraded,
                 what + ": the credentials are blamed for a clock");
}

void skewed(Trial& trial, const std::string& login, bool ours, seconds skew) {
    Stage stage({.provider = trial.provider(), .login = login});
    const std::string truth = (stage.pages(), stage.contents());
    const std::string what = (ours ? "our clock is off by " : "the provider's clock is off by ") +
                             std::to_string(skew.count()) + " s";
    trial.struck();
    if (ours) {
        stage.clock().set_wrong_by(skew);
    } else {
        stage.skew_provider(skew);
    }
    for (int i = 0; i < 3; ++i) {
        const Synced synced = stage.sync();
        trial.expect(synced.token_calls <= 2,
                     what + ": " + std::to_string(synced.token_calls) + " token calls in a run");
        expect_clock_trouble(trial, synced, what);
        trial.expect(stage.removed() == 0 && stage.contents() == truth, what + ": what was stored changed");
        stage.pass(hours(1));
    }
    stage.clock().set_wrong_by(seconds(0));
    stage.skew_provider(seconds(0));
    stage.pass(hours(1));
    trial.expect(stage.sync().well(), what + ": it does not recover");
}

void skewed_both_ways(Trial& trial, bool ours) {
    for (const seconds skew :
         {seconds(hours(1)), -seconds(hours(1)), seconds(hours(24)), -seconds(hours(24))}) {
        skewed(trial, "", ours, skew);
        if (trial.provider() == "tdx") {
            skewed(trial, login_with_tokens("tdx"), ours, skew);
        }
    }
}

}  // namespace

void tokens(Trial& trial) {
    expired_in_the_middle(trial);
    refused(trial, 401);
    if (trial.full()) {
        refused(trial, 403);
        refused(trial, 400);
    }
    fifty_at_once(trial);
}

void provider_clock(Trial& trial) {
    skewed_both_ways(trial, false);
}

void own_clock(Trial& trial) {
    skewed_both_ways(trial, true);
}

}  // namespace tributary::faults
