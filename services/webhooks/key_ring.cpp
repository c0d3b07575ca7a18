#include "services/webhooks/key_ring.hpp"

#include <spdlog/logger.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

namespace tributary::webhooks {

namespace asio = boost::asio;
using domain::Result;
using domain::ports::Task;
using domain::ports::WebhookKey;
using domain::ports::WebhookTarget;

namespace {

constexpr std::chrono::seconds longest_wait{5};
constexpr std::chrono::minutes between_questions{1};
constexpr std::chrono::hours fresh_for{1};

}  // namespace

/// Somebody waits on a thread of their own; the timer is how they are woken.
struct KeyRing::Waiter {
    explicit Waiter(const asio::any_io_executor& executor) : timer(executor, longest_wait) {}

    asio::steady_timer timer;
};

KeyRing::KeyRing(asio::any_io_executor asking, const domain::ports::Clock& clock, Fetch fetch,
                 std::shared_ptr<spdlog::logger> log)
    : asking_(std::move(asking)), clock_(clock), fetch_(std::move(fetch)), log_(std::move(log)) {}

Task<std::optional<WebhookKey>> KeyRing::find(WebhookTarget target, std::string key_id) {
    const domain::Uuid connection = target.connection.id;
    if (auto key = known(connection, key_id, true)) {
        co_return key;
    }
    co_await refresh(std::move(target));
    co_return known(connection, key_id, false);
}

Task<Result<bool>> KeyRing::subscribed(WebhookTarget target, std::string subscription) {
    const domain::Uuid connection = target.connection.id;
    const Result<bool> owned = owns(connection, subscription);
    if (owned && *owned) {
        co_return true;
    }
    co_await refresh(std::move(target));
    co_return owns(connection, subscription);
}

Task<void> KeyRing::refresh(WebhookTarget target) {
    const domain::Uuid connection = target.connection.id;
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    const Joined joined = join(connection, executor);
    if (joined.first) {
        asio::co_spawn(asking_, ask(std::move(target)), [this, connection](std::exception_ptr thrown) {
            if (thrown) {
                land(connection, domain::fail(domain::Errc::internal,
                                              "Asking for keys and subscriptions ended by an exception."));
            }
        });
    }
    if (joined.waiter) {
        // Whoever wakes us does so by a turn on this thread, and so not before we wait.
        co_await joined.waiter->timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

std::optional<WebhookKey> KeyRing::known(const domain::Uuid& connection, const std::string& key_id,
                                         bool fresh) {
    const std::lock_guard lock(mutex_);
    const auto ring = rings_.find(connection);
    if (ring == rings_.end() || (fresh && clock_.steady_now() >= ring->second.fresh_until)) {
        return std::nullopt;
    }
    const auto key = ring->second.keys.find(key_id);
    return key == ring->second.keys.end() ? std::nullopt : std::optional(key->second);
}

Result<bool> KeyRing::owns(const domain::Uuid& connection, const std::string& subscription) {
    const std::lock_guard lock(mutex_);
    const auto ring = rings_.find(connection);
    if (ring != rings_.end() && ring->second.subscriptions.contains(subscription)) {
        return true;
    }
    if (ring == rings_.end() || ring->second.asking || !ring->second.answered) {
        return domain::fail(domain::Errc::unauthenticated,
                            "The connection's subscriptions could not be asked for.");
    }
    return false;
}

KeyRing::Joined KeyRing::join(const domain::Uuid& connection, const asio::any_io_executor& executor) {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.steady_now();
    const auto [place, fresh] = rings_.try_emplace(connection);
    Ring& ring = place->second;
    if (!ring.asking && !fresh && now < ring.ask_after) {
        return {};
    }
    Joined joined{std::make_shared<Waiter>(executor), !ring.asking};
    ring.waiters.push_back(joined.waiter);
    if (joined.first) {
        ring.asking = true;
        ring.ask_after = now + between_questions;
    }
    return joined;
}

Task<void> KeyRing::ask(WebhookTarget target) {
    const domain::Uuid connection = target.connection.id;
    const Result<Proofs> answered = co_await fetch_(std::move(target));
    land(connection, answered);
}

void KeyRing::land(const domain::Uuid& connection, const Result<Proofs>& answered) {
    if (!answered) {
        log_->warn(
            "a provider's webhook keys and subscriptions could not be asked for connection={} code={} "
            "detail=\"{}\"",
            to_text(connection), name_of(answered.error().code), answered.error().detail);
    }
    std::vector<std::shared_ptr<Waiter>> waiters;
    {
        const std::lock_guard lock(mutex_);
        Ring& ring = rings_[connection];
        ring.asking = false;
        ring.answered = answered.has_value();
        std::swap(waiters, ring.waiters);
        if (answered) {
            ring.keys.clear();
            for (const WebhookKey& key : answered->keys) {
                ring.keys.insert_or_assign(key.id, key);
            }
            ring.subscriptions = answered->subscriptions;
            ring.fresh_until = clock_.steady_now() + fresh_for;
        }
    }
    for (const std::shared_ptr<Waiter>& waiter : waiters) {
        asio::post(waiter->timer.get_executor(), [waiter] { waiter->timer.cancel(); });
    }
}

}  // namespace tributary::webhooks
