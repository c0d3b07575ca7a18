#include "adapters/postgres/shared_feed_signal.hpp"

#include "adapters/postgres/feed_announcement.hpp"

namespace tributary::postgres {

SharedFeedSignal::SharedFeedSignal(const domain::ports::Clock& clock, std::chrono::milliseconds look_after)
    : waiters_(clock, look_after) {}

void SharedFeedSignal::announce(const domain::Uuid& tenant, std::int64_t commit) {
    waiters_.announced(tenant, commit);
    outbox_.add(tenant, commit);
}

domain::ports::Task<domain::Result<void>> SharedFeedSignal::wait(domain::Uuid tenant, std::int64_t seen,
                                                                 std::chrono::milliseconds longest) {
    return waiters_.wait(tenant, seen, longest);
}

void SharedFeedSignal::stop() {
    waiters_.stop();
}

void SharedFeedSignal::heard(std::string_view announcement) {
    for (const FeedMove& move : parse_feed_announcement(announcement)) {
        waiters_.announced(move.tenant, move.commit);
    }
}

void SharedFeedSignal::missed_some() {
    waiters_.wake_all();
}

}  // namespace tributary::postgres
