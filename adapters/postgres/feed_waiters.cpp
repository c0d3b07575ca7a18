#include "adapters/postgres/feed_waiters.hpp"

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <limits>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace tributary::postgres {

namespace asio = boost::asio;
using domain::Errc;
using domain::Result;
using domain::Uuid;
using domain::ports::Task;

namespace {

// Tenants whose last announcement is remembered; those that share a place push each other out, which costs
// a late look at worst.
constexpr std::size_t remembered = 1'024;

struct Announcement {
    Uuid tenant;
    std::int64_t commit = 0;
    std::chrono::steady_clock::time_point at;
};

}  // namespace

struct FeedWaiters::Waiter {
    Waiter(const asio::any_io_executor& runs_on, std::int64_t has_seen)
        : executor(asio::prefer(runs_on, asio::execution::outstanding_work_t::tracked)),
          timer(runs_on),
          seen(has_seen) {}

    /// At work, so that its loop does not end, and the timer with it, while somebody is about to wake it.
    asio::any_io_executor executor;
    /// On the executor's thread only, as `woken`.
    asio::steady_timer timer;
    bool woken = false;
    std::int64_t seen;
    /// Under the mutex.
    bool called = false;
};

struct FeedWaiters::State {
    using Waiting = std::unordered_multimap<Uuid, std::shared_ptr<Waiter>>;

    State(const domain::ports::Clock& given, std::chrono::milliseconds look)
        : clock(given), look_after(look), last(remembered) {}

    Announcement& place_of(const Uuid& tenant) { return last[std::hash<Uuid>()(tenant) % remembered]; }

    /// Young ones only: after a restore the numbers are lower, and who was told of an old one would look
    /// again and again.
    [[nodiscard]] bool counts(const Announcement& one, const Uuid& tenant) const {
        return one.tenant == tenant && one.commit > 0 && clock.steady_now() - one.at < look_after;
    }

    /// Under the mutex. What it returns is to be woken without it.
    static void call(Waiting::const_iterator from, Waiting::const_iterator to,
                     std::vector<std::shared_ptr<Waiter>>& called, std::int64_t beyond) {
        for (; from != to; ++from) {
            Waiter& waiter = *from->second;
            if (waiter.seen < beyond && !std::exchange(waiter.called, true)) called.push_back(from->second);
        }
    }

    const domain::ports::Clock& clock;
    const std::chrono::milliseconds look_after;
    std::mutex mutex;
    Waiting waiting;
    std::vector<Announcement> last;
    bool stopped = false;
};

/// A waiter among the others while it lives, also where its coroutine is destroyed instead of resumed.
struct FeedWaiters::Place {
    Place(State& in, const Uuid& tenant, std::shared_ptr<Waiter> waiter)
        : state(in), entry(in.waiting.emplace(tenant, std::move(waiter))) {}

    ~Place() {
        const std::lock_guard lock(state.mutex);
        state.waiting.erase(entry);
    }

    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    State& state;
    State::Waiting::iterator entry;
};

namespace {

// The waiter's coroutine stands in its timer by then: it came there without a pause since it was found.
// The last hold on it is let go of there, too.
template <class Waiters>
void wake(Waiters called) {
    for (auto& waiter : called) {
        const auto executor = waiter->executor;
        asio::post(executor, [waiter = std::move(waiter)] {
            waiter->woken = true;
            waiter->timer.cancel();
        });
    }
}

}  // namespace

FeedWaiters::FeedWaiters(const domain::ports::Clock& clock, std::chrono::milliseconds look_after)
    : state_(std::make_shared<State>(clock, look_after)) {}

FeedWaiters::~FeedWaiters() = default;

void FeedWaiters::announced(const Uuid& tenant, std::int64_t commit) {
    std::vector<std::shared_ptr<Waiter>> called;
    {
        const std::lock_guard lock(state_->mutex);
        Announcement& last = state_->place_of(tenant);
        // Replicas' announcements overtake each other.
        const std::int64_t before = state_->counts(last, tenant) ? last.commit : 0;
        if (commit > before) last = {tenant, commit, state_->clock.steady_now()};
        const auto [from, to] = state_->waiting.equal_range(tenant);
        State::call(from, to, called, commit);
    }
    wake(std::move(called));
}

void FeedWaiters::wake_all() {
    std::vector<std::shared_ptr<Waiter>> called;
    {
        const std::lock_guard lock(state_->mutex);
        State::call(state_->waiting.begin(), state_->waiting.end(), called,
                    std::numeric_limits<std::int64_t>::max());
    }
    wake(std::move(called));
}

void FeedWaiters::stop() {
    {
        const std::lock_guard lock(state_->mutex);
        state_->stopped = true;
    }
    wake_all();
}

std::size_t FeedWaiters::waiting() const {
    const std::lock_guard lock(state_->mutex);
    return state_->waiting.size();
}

Task<Result<void>> FeedWaiters::wait(Uuid tenant, std::int64_t seen, std::chrono::milliseconds longest) {
    const std::shared_ptr<State> state = state_;
    const auto executor = co_await asio::this_coro::executor;
    const auto waiter = std::make_shared<Waiter>(executor, seen);
    std::optional<Place> place;
    {
        const std::lock_guard lock(state->mutex);
        if (state->stopped) co_return domain::fail(Errc::cancelled, "the program is stopping");
        const Announcement& last = state->place_of(tenant);
        if (state->counts(last, tenant) && last.commit > seen) co_return Result<void>();
        place.emplace(*state, tenant, waiter);
    }
    waiter->timer.expires_after(std::min(longest, state->look_after));
    boost::system::error_code ended;
    co_await waiter->timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    place.reset();
    if (ended && !waiter->woken) co_return domain::fail(Errc::cancelled, "the waiting was cancelled");
    const std::lock_guard lock(state->mutex);
    if (state->stopped) co_return domain::fail(Errc::cancelled, "the program is stopping");
    co_return Result<void>();
}

}  // namespace tributary::postgres
