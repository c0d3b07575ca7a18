#include "services/sync/guarded_transport.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "domain/retry_after.hpp"

namespace tributary::sync {

using domain::Errc;
using domain::Error;
using domain::Lane;
using domain::Result;
using domain::ports::HttpAnswer;
using domain::ports::HttpCall;
using domain::ports::Task;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Time = BudgetMemory::Time;
using Kind = BudgetMemory::Step::Kind;

namespace {

/// Cautious terms for a provider nobody configured.
constexpr domain::BudgetTerms unknown_terms{1, 2};
/// A wait is looked at again so often: a block may have come, or a token back.
constexpr milliseconds longest_nap{250};
/// Between two looks at a host whose every turn is taken.
constexpr milliseconds turn_nap{10};
constexpr std::size_t most_failed = 1'000;

/// A scheduled run gives way soon and comes back; somebody waits for an interactive one.
seconds patience_of(Lane lane) {
    return lane == Lane::interactive ? seconds(10) : seconds(5);
}

Error refusal(Errc code, std::string detail, Time::duration wait) {
    Error error{code, std::move(detail)};
    error.retry_after = std::max(seconds(1), std::chrono::ceil<seconds>(wait));
    return error;
}

/// Says no time: nobody asked for a pause, so that a run retries soon and then makes room, and its connection
/// backs off as from any trouble.
Error in_trouble() {
    return {Errc::unavailable, "The provider's host answers nothing but trouble; it is asked again soon."};
}

Error out_of_patience(Time::duration wait) {
    return refusal(Errc::throttled,
                   "The provider's request budget is spent, or the provider asked for a pause; "
                   "the next run asks again.",
                   wait);
}

bool is_transient(const Result<HttpAnswer>& answer) {
    return answer ? answer->status >= 500 && answer->status <= 599
                  : answer.error().code == Errc::unavailable || answer.error().code == Errc::timed_out;
}

}  // namespace

GuardedTransport::GuardedTransport(domain::ports::HttpTransport& inner, domain::ports::Clock& clock,
                                   Traffic& traffic, Sender sender)
    : inner_(inner), clock_(clock), traffic_(traffic), sender_(std::move(sender)), terms_(unknown_terms) {
    if (const auto terms = traffic_.terms.find(sender_.budget.provider); terms != traffic_.terms.end()) {
        terms_ = terms->second;
    }
}

Task<Result<void>> GuardedTransport::draw(std::int64_t tokens) {
    if (!opened_) {
        Result<void> opened =
            co_await traffic_.budgets.open_budget(sender_.budget, sender_.connection, terms_);
        if (!opened) {
            co_return opened;
        }
        opened_ = true;
    }
    const Time asked = clock_.steady_now();
    const Result<domain::Drawn> drawn =
        co_await traffic_.budgets.draw_tokens(sender_.budget, sender_.lane, tokens);
    if (!drawn) {
        co_return std::unexpected(drawn.error());
    }
    traffic_.memory.drawn(sender_.budget, sender_.lane, *drawn, asked);
    co_return Result<void>{};
}

Task<Result<Hosts::Turn>> GuardedTransport::acquire(std::string origin, bool again) {
    const Time deadline = clock_.steady_now() + patience_of(sender_.lane);
    for (;;) {
        const Time now = clock_.steady_now();
        if (traffic_.hosts.wait(origin, now) > Time::duration::zero()) {
            co_return std::unexpected(in_trouble());
        }
        BudgetMemory::Step step = traffic_.memory.next(sender_.budget, terms_, sender_.lane, now);
        if (step.kind == Kind::go) {
            auto turn = traffic_.hosts.enter(origin, again, now);
            if (turn) {
                co_return std::move(*turn);
            }
            traffic_.memory.give_back(sender_.budget, sender_.lane, now);
            if (turn.error() == Hosts::Refusal::no_retry) {
                co_return domain::fail(Errc::unavailable,
                                       "The provider fails too often for further attempts; "
                                       "the next run tries again.");
            }
            step = {Kind::wait, 0, now + turn_nap};
        }
        if (step.kind == Kind::draw) {
            const Result<void> drawn = co_await draw(step.tokens);
            if (!drawn) {
                co_return std::unexpected(drawn.error());
            }
            continue;
        }
        if (step.until > deadline) {
            co_return std::unexpected(out_of_patience(step.until - now));
        }
        const Result<void> slept =
            co_await clock_.sleep(std::min<Time::duration>(step.until - now, longest_nap));
        if (!slept) {
            co_return std::unexpected(slept.error());
        }
    }
}

Task<void> GuardedTransport::note_throttling(const HttpAnswer& answer) {
    const bool throttled = answer.status == 429;
    const int in_a_row = traffic_.memory.answered(sender_.budget, throttled);
    std::optional<seconds> pause;
    if (throttled || answer.status == 503) {
        pause = domain::retry_after(answer.fields, clock_.now());
    }
    if (throttled && !pause) {
        pause = domain::unasked_pause(in_a_row);
    }
    if (pause && pause->count() > 0) {
        // Here at once, before anything else runs; everywhere else as soon as it is written.
        traffic_.memory.block(sender_.budget, clock_.steady_now() + *pause);
        // This process obeys whether or not the others could be told.
        const Result<void> told = co_await traffic_.budgets.block_budget({sender_.budget, *pause});
        (void)told;
    }
}

Task<Result<HttpAnswer>> GuardedTransport::send(HttpCall call) {
    const std::string origin = call.origin;
    const std::string request = call.method + ' ' + call.target;
    const bool again = failed_.contains(request);
    // A block may come while the request waits for its connection: then it waits for that, too.
    bool held_back = false;
    call.may_leave = [this, &held_back] {
        held_back = traffic_.memory.is_blocked(sender_.budget, clock_.steady_now());
        return !held_back;
    };
    Result<HttpAnswer> answer = domain::fail(Errc::internal, "The request was not sent.");
    do {
        held_back = false;
        const Result<Hosts::Turn> turn = co_await acquire(origin, again);
        if (!turn) {
            co_return std::unexpected(turn.error());
        }
        answer = co_await inner_.send(call);
    } while (held_back);
    if (is_transient(answer)) {
        traffic_.hosts.failed(origin, clock_.steady_now());
        if (failed_.size() < most_failed) {
            failed_.insert(request);
        }
    } else {
        failed_.erase(request);
        if (answer) {
            traffic_.hosts.succeeded(origin);
        }
    }
    if (answer) {
        co_await note_throttling(*answer);
    }
    co_return answer;
}

}  // namespace tributary::sync
