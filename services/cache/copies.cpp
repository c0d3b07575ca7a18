#include "services/cache/copies.hpp"

#include <mutex>
#include <utility>

namespace tributary::cache {

using domain::Uuid;
using domain::ports::News;
using domain::ports::OwnNews;

Copies::Copies(std::size_t most_bytes, const domain::ports::Clock& clock)
    : most_bytes_(most_bytes), clock_(clock), cache_(most_bytes) {}

std::shared_ptr<TenantFeed> Copies::known_feed(const Uuid& tenant) const {
    const std::shared_lock lock(mutex_);
    const auto found = feeds_.find(tenant);
    return found == feeds_.end() ? nullptr : found->second;
}

std::shared_ptr<TenantFeed> Copies::feed_of(const Uuid& tenant) {
    if (!is_on() || !follow_) return nullptr;
    if (auto known = known_feed(tenant)) {
        known->use();
        return known;
    }
    std::shared_ptr<TenantFeed> feed;
    {
        const std::lock_guard lock(mutex_);
        const auto [place, is_new] = feeds_.try_emplace(tenant);
        if (!is_new) return place->second;
        if (feeds_.size() > most_tenants) {
            feeds_.erase(place);
            return nullptr;
        }
        place->second = std::make_shared<TenantFeed>();
        feed = place->second;
    }
    follow_(tenant, feed);
    return feed;
}

Copies::Found Copies::find(const DocumentKey& key, const std::optional<domain::Position>& not_before) {
    auto copy = cache_.find(key);
    if (!copy) return {};
    TenantFeed& feed = *copy->feed;
    feed.use();
    if (!feed.serves(clock_.steady_now()) || (not_before && !feed.covers(*not_before))) return {};
    const domain::Position position = feed.position();
    // Only now: whatever changed up to there was taken from the cache before the feed reached it.
    if (copy->gone || !feed.is_good(*copy)) return {};
    return {std::move(copy), position};
}

void Copies::keep(const DocumentKey& key, std::shared_ptr<const ReadyDocument> document) {
    const std::shared_ptr<TenantFeed> feed = document->feed;
    const std::int64_t loaded_at = document->loaded_at;
    feed->keep_if_good(key.document, loaded_at, [&] { cache_.keep(key, std::move(document)); });
}

TenantFeed::Forget Copies::forget_of(const Uuid& tenant) {
    return [this, tenant](const Uuid& document, std::int64_t changed_at) {
        cache_.forget(tenant, document, changed_at);
    };
}

void Copies::heard(const OwnNews& news) {
    if (const auto feed = known_feed(news.tenant)) feed->heard(news, forget_of(news.tenant));
}

void Copies::told(const Uuid& tenant, const domain::Position& position) {
    if (const auto feed = known_feed(tenant)) feed->told(position);
}

bool Copies::looked(const Uuid& tenant, TenantFeed& feed, const News& news,
                    std::chrono::steady_clock::time_point began) {
    if (!news.whole) {
        give_up(tenant, feed);
        return false;
    }
    feed.looked(news, began, forget_of(tenant));
    return true;
}

void Copies::give_up(const Uuid& tenant, TenantFeed& feed) {
    feed.give_up();
    const std::lock_guard lock(mutex_);
    const auto found = feeds_.find(tenant);
    if (found != feeds_.end() && found->second.get() == &feed) feeds_.erase(found);
}

}  // namespace tributary::cache
