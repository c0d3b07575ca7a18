#include "services/actions/worker.hpp"

#include <spdlog/logger.h>

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <optional>
#include <utility>

namespace tributary::actions {

using domain::Errc;
using domain::Result;
using domain::ports::ActionLease;
using domain::ports::ClaimedAction;
using domain::ports::Task;

namespace {

constexpr std::chrono::hours between_cleanings{1};
/// Between asking whether the lease holds and the last byte on the wire.
constexpr std::chrono::milliseconds to_leave{500};

}  // namespace

/// Keeps a lease alive while its action is worked on: the next owner would take a long answer for a lost one.
struct Worker::Renewal {
    Renewal(const boost::asio::any_io_executor& executor, domain::ports::Clock& clock,
            std::chrono::steady_clock::time_point held_until)
        : nap(executor, clock), until(held_until) {}

    sync::Nap nap;
    bool working = true;
    /// False once another owner took over.
    bool owned = true;
    /// On our clock: the lease was asked for so long before that nobody else can have it yet.
    std::chrono::steady_clock::time_point until;

    [[nodiscard]] bool holds(std::chrono::steady_clock::time_point now) const { return owned && now < until; }

    /// Ends the renewal with the work, whichever way that ends.
    struct UntilHere {
        Renewal& renewal;

        ~UntilHere() {
            renewal.working = false;
            renewal.nap.wake();
        }
    };
};

Worker::Worker(boost::asio::any_io_executor executor, ActionTools tools, WorkerOptions options)
    : executor_(std::move(executor)),
      tools_(std::move(tools)),
      clock_(tools_.sync.provider_tools.clock),
      options_(options),
      nap_(executor_, clock_),
      clean_at_(clock_.steady_now()) {}

void Worker::wake() {
    nap_.wake();
}

void Worker::stop() {
    stopping_ = true;
    nap_.wake();
}

std::chrono::steady_clock::time_point Worker::end_of_lease() const {
    return clock_.steady_now() + options_.lease - to_leave;
}

Task<Result<std::optional<ClaimedAction>>> Worker::claim() {
    auto claimed = co_await tools_.store.claim_action(options_.owner, options_.lease);
    if (!claimed) {
        tools_.sync.log->warn("actions cannot be claimed code={} detail=\"{}\"",
                              name_of(claimed.error().code), claimed.error().detail);
    }
    co_return claimed;
}

Task<void> Worker::run() {
    while (!stopping_) {
        bool started = false;
        if (working_ < options_.at_once) {
            const auto until = end_of_lease();
            auto claimed = co_await claim();
            if (claimed && *claimed) {
                started = true;
                ++working_;
                ++under_way_;
                boost::asio::co_spawn(executor_, work(std::move(**claimed), until),
                                      [this](std::exception_ptr) {
                                          --working_;
                                          --under_way_;
                                          wake();
                                      });
            }
        }
        if (clock_.steady_now() >= clean_at_) {
            clean_at_ = clock_.steady_now() + between_cleanings;
            co_await clean_up();
        }
        if (!started && !stopping_) {
            co_await nap_.sleep(options_.longest_idle);
        }
    }
    while (under_way_ > 0) {
        co_await nap_.sleep(options_.longest_idle);
    }
}

Task<Result<bool>> Worker::work_one() {
    const auto until = end_of_lease();
    auto claimed = co_await claim();
    if (!claimed) {
        co_return std::unexpected(std::move(claimed).error());
    }
    if (!*claimed) {
        co_return false;
    }
    co_await work(std::move(**claimed), until);
    co_return true;
}

Task<void> Worker::work(ClaimedAction action, std::chrono::steady_clock::time_point until) {
    const ActionLease lease = action.lease;
    const auto renewal = std::make_shared<Renewal>(executor_, clock_, until);
    ++under_way_;
    boost::asio::co_spawn(executor_, renew(action.tenant, lease, renewal), [this](std::exception_ptr) {
        --under_way_;
        wake();
    });
    const Renewal::UntilHere stop_renewing{*renewal};
    Result<void> done = domain::fail(Errc::internal, "Carrying out an action ended by an exception.");
    try {
        const auto owned = [this, renewal] { return renewal->holds(clock_.steady_now()); };
        done = co_await carry_out(tools_, std::move(action),
                                  {[this, owned] { return owned() && !stopping_; }, owned});
    } catch (const std::exception&) {
        // A bug of ours: the lease ends, and the next owner looks before it sends.
        tools_.sync.log->error("carrying out an action ended by an exception action={}",
                               to_text(lease.action));
    }
    if (!done) {
        tools_.sync.log->warn("an action is left for later action={} code={} detail=\"{}\"",
                              to_text(lease.action), name_of(done.error().code), done.error().detail);
    }
}

Task<void> Worker::renew(domain::Uuid tenant, ActionLease lease, std::shared_ptr<Renewal> renewal) {
    while (renewal->working && renewal->owned) {
        // On the database's clock the lease has two more such periods to live.
        co_await renewal->nap.sleep(std::chrono::milliseconds(options_.lease) / 3);
        if (!renewal->working) {
            break;
        }
        const auto until = end_of_lease();
        const Result<void> renewed = co_await tools_.store.renew_action(tenant, lease, options_.lease);
        if (renewed) {
            renewal->until = until;
        }
        if (!renewed && renewed.error().code == Errc::stale_owner) {
            renewal->owned = false;
        }
    }
}

Task<void> Worker::clean_up() {
    const Result<std::size_t> dropped = co_await tools_.store.drop_expired_actions();
    if (!dropped) {
        tools_.sync.log->warn("old actions could not be dropped code={}", name_of(dropped.error().code));
    }
}

}  // namespace tributary::actions
