#include "services/cache/follower.hpp"

#include <boost/asio/co_spawn.hpp>
#include <chrono>
#include <exception>

namespace tributary::cache {

namespace asio = boost::asio;
using domain::Result;
using domain::Uuid;
using domain::ports::News;
using domain::ports::Task;
using std::chrono::milliseconds;

namespace {

// Well below what a look counts for: one that fails or comes late costs nothing yet.
constexpr milliseconds look_every{300};
// Between two looks, however fast commits come.
constexpr milliseconds pause{10};
constexpr milliseconds pause_after_failure{200};
constexpr std::chrono::minutes idle_after{1};

/// Looks once. False: the feed is given up.
Task<bool> look(FollowTools tools, Uuid tenant, std::shared_ptr<TenantFeed> feed, milliseconds& rest) {
    const auto began = tools.clock.steady_now();
    const Result<News> news = co_await tools.store.news(tenant, feed->next_query());
    rest = news ? pause : pause_after_failure;
    co_return !news || tools.copies.looked(tenant, *feed, *news, began);
}

}  // namespace

Task<void> follow(FollowTools tools, Uuid tenant, std::shared_ptr<TenantFeed> feed) {
    auto asked_at = tools.clock.steady_now();
    milliseconds rest = pause;
    while (co_await look(tools, tenant, feed, rest)) {
        if (!co_await tools.clock.sleep(rest)) break;
        const auto now = tools.clock.steady_now();
        if (now - asked_at > idle_after) {
            if (!feed->was_used()) break;
            asked_at = now;
        }
        const std::int64_t seen = feed->position().commit;
        if (!co_await tools.signal.wait(tenant, seen, look_every)) break;
    }
    tools.copies.give_up(tenant, *feed);
}

void follow_on(const asio::any_io_executor& executor, const FollowTools& tools) {
    tools.copies.on_first_read([executor, tools](const Uuid& tenant, std::shared_ptr<TenantFeed> feed) {
        const auto ended = [tools, tenant, feed](const std::exception_ptr&) {
            tools.copies.give_up(tenant, *feed);
        };
        asio::co_spawn(executor, follow(tools, tenant, feed), ended);
    });
}

}  // namespace tributary::cache
