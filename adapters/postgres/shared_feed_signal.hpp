// The feed's signal over all replicas: who waits in this process, and what others are told and tell.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "adapters/postgres/feed_outbox.hpp"
#include "adapters/postgres/feed_waiters.hpp"
#include "domain/ports/feed_signal.hpp"

namespace tributary::postgres {

/// Works within the process by itself; a ReplicaLink joins it to the others. Outlives that, and the store
/// that announces.
class SharedFeedSignal final : public domain::ports::FeedSignal {
  public:
    /// `clock` outlives it. A wait ends after `look_after` by itself.
    explicit SharedFeedSignal(const domain::ports::Clock& clock,
                              std::chrono::milliseconds look_after = std::chrono::seconds(1));

    void announce(const domain::Uuid& tenant, std::int64_t commit) override;
    domain::ports::Task<domain::Result<void>> wait(domain::Uuid tenant, std::int64_t seen,
                                                   std::chrono::milliseconds longest) override;
    void stop() override;

    /// What another replica announced.
    void heard(std::string_view announcement);
    /// Announcements of others may have been missed.
    void missed_some();

    /// What others are to be told.
    [[nodiscard]] FeedOutbox& outbox() { return outbox_; }

    [[nodiscard]] std::size_t waiting() const { return waiters_.waiting(); }

  private:
    FeedWaiters waiters_;
    FeedOutbox outbox_;
};

}  // namespace tributary::postgres
