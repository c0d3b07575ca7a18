// Follows the feeds of the tenants that are read, so that copies of their documents may be served.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "domain/ports/clock.hpp"
#include "domain/ports/feed_signal.hpp"
#include "domain/ports/news_store.hpp"
#include "services/cache/copies.hpp"

namespace tributary::cache {

/// Borrowed; all outlive the last step of the executor.
struct FollowTools {
    domain::ports::NewsStore& store;
    domain::ports::FeedSignal& signal;
    domain::ports::Clock& clock;
    Copies& copies;
};

/// From a tenant's first read on a coroutine on `executor`, which one thread runs, looks at its feed whenever
/// there is a signal, at the latest every 300 ms, until nobody read the tenant for a minute or two. Where the
/// feed cannot be read it tries again; copies are not served meanwhile. It ends with the signal's stop().
void follow_on(const boost::asio::any_io_executor& executor, const FollowTools& tools);

/// One tenant's coroutine, for tests.
domain::ports::Task<void> follow(FollowTools tools, domain::Uuid tenant, std::shared_ptr<TenantFeed> feed);

}  // namespace tributary::cache
