// Copies of finished documents, each served only while it is known to be what PostgreSQL has.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <shared_mutex>
#include <unordered_map>

#include "domain/ports/clock.hpp"
#include "domain/ports/news_store.hpp"
#include "services/cache/document_cache.hpp"
#include "services/cache/tenant_feed.hpp"

namespace tributary::cache {

/// Thread-safe.
class Copies {
  public:
    /// Tenants whose feeds are followed at once; the documents of others are not kept.
    static constexpr std::size_t most_tenants = 100;
    using Follow = std::function<void(const domain::Uuid& tenant, std::shared_ptr<TenantFeed> feed)>;

    /// `clock` (monotonic time only) outlives it. With 0 bytes nothing is kept and nobody followed.
    Copies(std::size_t most_bytes, const domain::ports::Clock& clock);

    /// Called, on any thread, for each tenant that is to be followed from now on. Set before the first
    /// reader comes.
    void on_first_read(Follow follow) { follow_ = std::move(follow); }

    [[nodiscard]] bool is_on() const { return most_bytes_ > 0; }

    /// The feed that a read of this tenant depends on: to be taken before anything is read for a copy.
    /// Nothing where no copies of this tenant are kept.
    std::shared_ptr<TenantFeed> feed_of(const domain::Uuid& tenant);

    struct Found {
        /// Nothing: there is none that may be sent.
        std::shared_ptr<const ReadyDocument> copy;
        /// What it is known to be good up to, and what its reader may be told.
        domain::Position position;
    };

    /// A copy that may be sent at this moment, and is not older than `not_before`.
    Found find(const DocumentKey& key, const std::optional<domain::Position>& not_before);
    /// Keeps what was made of a load, unless it is known to be old already.
    void keep(const DocumentKey& key, std::shared_ptr<const ReadyDocument> document);

    /// What this process committed, told before anybody else learns of it.
    void heard(const domain::ports::OwnNews& news);
    /// An answer tells this position.
    void told(const domain::Uuid& tenant, const domain::Position& position);
    /// What a follower read, in a look that began at `began`. False: the feed is given up.
    bool looked(const domain::Uuid& tenant, TenantFeed& feed, const domain::ports::News& news,
                std::chrono::steady_clock::time_point began);
    /// Nobody follows this feed any more.
    void give_up(const domain::Uuid& tenant, TenantFeed& feed);

    [[nodiscard]] CacheFigures figures() const { return cache_.figures(); }

  private:
    std::shared_ptr<TenantFeed> known_feed(const domain::Uuid& tenant) const;
    TenantFeed::Forget forget_of(const domain::Uuid& tenant);

    std::size_t most_bytes_;
    const domain::ports::Clock& clock_;
    DocumentCache cache_;
    Follow follow_;
    mutable std::shared_mutex mutex_;
    std::unordered_map<domain::Uuid, std::shared_ptr<TenantFeed>> feeds_;
};

}  // namespace tributary::cache
