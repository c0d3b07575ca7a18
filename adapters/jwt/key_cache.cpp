#include "adapters/jwt/key_cache.hpp"

#include <spdlog/logger.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

namespace tributary::jwt {

namespace asio = boost::asio;
using domain::Errc;
using domain::Result;
using domain::ports::Task;

/// Somebody waits on a thread of their own; the timer is how they are woken.
struct KeyCache::Waiter {
    explicit Waiter(const asio::any_io_executor& executor) : timer(executor, longest_wait) {}

    asio::steady_timer timer;
};

KeyCache::KeyCache(asio::any_io_executor fetching, const domain::ports::Clock& clock, Fetch fetch,
                   std::shared_ptr<spdlog::logger> log)
    : fetching_on_(std::move(fetching)), clock_(clock), fetch_(std::move(fetch)), log_(std::move(log)) {}

Task<Result<KeyCache::Key>> KeyCache::find(std::string key_id, crypto::TokenAlgorithm algorithm) {
    Look known = look(key_id, algorithm);
    if (known.fresh) {
        co_return std::move(known.key);
    }
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    const Joined joined = join(executor);
    if (joined.first) {
        asio::co_spawn(fetching_on_, fetch_set(), [this](std::exception_ptr thrown) {
            if (thrown) {
                land(domain::fail(Errc::internal, "Fetching the issuer's keys ended by an exception."));
            }
        });
    }
    if (joined.waiter && known.wait) {
        // Whoever wakes us does so by a turn on this thread, and so not before we wait.
        co_await joined.waiter->timer.async_wait(asio::as_tuple(asio::use_awaitable));
        known = look(key_id, algorithm);
    }
    if (known.key) {
        co_return std::move(known.key);
    }
    const std::lock_guard lock(mutex_);
    if (set_ == nullptr) {
        co_return domain::fail(Errc::unavailable, "The issuer's keys could not be had yet.");
    }
    co_return domain::fail(Errc::unauthenticated,
                           "The token's key is not known; its issuer does not list it.");
}

KeyCache::Look KeyCache::look(const std::string& key_id, crypto::TokenAlgorithm algorithm) {
    const std::lock_guard lock(mutex_);
    const crypto::TokenKey* key = set_ == nullptr ? nullptr : set_->find(key_id, algorithm);
    if (key == nullptr) {
        return {};
    }
    return {Key(set_, key), clock_.steady_now() < fresh_until_, !last_failed_};
}

KeyCache::Joined KeyCache::join(const asio::any_io_executor& executor) {
    const std::lock_guard lock(mutex_);
    const auto now = clock_.steady_now();
    if (!fetching_ && fetched_before_ && now < fetch_after_) {
        return {};
    }
    Joined joined{std::make_shared<Waiter>(executor), !fetching_};
    waiters_.push_back(joined.waiter);
    if (joined.first) {
        fetching_ = true;
        fetched_before_ = true;
        fetch_after_ = now + between_fetches;
    }
    return joined;
}

Task<void> KeyCache::fetch_set() {
    const Result<std::string> text = co_await fetch_();
    land(text ? KeySet::read(*text) : Result<KeySet>(std::unexpected(text.error())));
}

void KeyCache::land(Result<KeySet> fetched) {
    if (!fetched) {
        log_->warn("the issuer's keys could not be fetched code={} detail=\"{}\"",
                   name_of(fetched.error().code), fetched.error().detail);
    } else if (fetched->size() == 0) {
        log_->warn("the issuer lists no key that can be used");
    }
    std::vector<std::shared_ptr<Waiter>> waiters;
    {
        const std::lock_guard lock(mutex_);
        fetching_ = false;
        last_failed_ = !fetched;
        std::swap(waiters, waiters_);
        if (fetched) {
            set_ = std::make_shared<const KeySet>(std::move(*fetched));
            fresh_until_ = clock_.steady_now() + fresh_for;
        }
    }
    for (std::shared_ptr<Waiter>& waiter : waiters) {
        const auto executor = waiter->timer.get_executor();
        // Moved: a timer is let go on its own thread.
        asio::post(executor, [waiter = std::move(waiter)] { waiter->timer.cancel(); });
    }
}

}  // namespace tributary::jwt
