// What this process knows of one tenant's feed, and so which copies of the tenant's documents are good.
//
// A copy that was loaded at commit p is good while no change of its document behind p is known, the feed was
// looked at within the last second, and nobody was told of a commit that is not known here yet.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <unordered_map>

#include "domain/ports/news_store.hpp"
#include "domain/position.hpp"
#include "services/cache/ready_document.hpp"

namespace tributary::cache {

/// Thread-safe. Questions on the way of a read take no lock.
class TenantFeed {
  public:
    using Clock = std::chrono::steady_clock;
    /// A look at the feed counts so long.
    static constexpr std::chrono::milliseconds counts_for{1'000};
    /// Changes that are remembered for loads under way; copies loaded before older ones are not kept.
    static constexpr std::size_t most_remembered = 50'000;
    /// So many marks are remembered before anybody looks which of them are needed.
    static constexpr std::size_t fewest_marks = 1'024;
    /// What is told of marks is remembered so long at least for loads under way, each of which takes less.
    static constexpr std::chrono::seconds marks_stay{30};

    /// Whether copies may be served at all: the feed was followed within the last second, and as far as
    /// anybody was told.
    [[nodiscard]] bool serves(Clock::time_point now) const;
    /// Whether this copy is what the feed leaves of it.
    [[nodiscard]] bool is_good(const ReadyDocument& copy) const;
    /// Up to where copies are known to be good.
    [[nodiscard]] domain::Position position() const;
    /// Whether the position lies within what is known here, and is of this past; no where that cannot be
    /// told.
    [[nodiscard]] bool covers(const domain::Position& position) const;

    /// For a copy that is being made: the subject's mark as its load saw it (the epoch where it has none).
    Stamp stamp(const domain::Uuid& subject, domain::Timestamp mark);
    /// Of how many subjects marks are remembered: at most twice as many as copies depend on, or
    /// `fewest_marks`.
    [[nodiscard]] std::size_t marks_remembered() const;
    /// Calls `keep` unless a change of the document behind `loaded_at` is known. None becomes known
    /// meanwhile.
    void keep_if_good(const domain::Uuid& document, std::int64_t loaded_at,
                      const std::function<void()>& keep);

    using Forget = std::function<void(const domain::Uuid& document, std::int64_t changed_at)>;
    /// What a transaction of this process committed.
    void heard(const domain::ports::OwnNews& news, const Forget& forget);
    /// What the feed had at a look that began at `began`; all of it, for who was told less gives up.
    void looked(const domain::ports::News& news, Clock::time_point began, const Forget& forget);
    /// Somebody was told of this position: from now on no copy is served until all up to it is known.
    void told(const domain::Position& position);

    /// Nobody follows any more, or the feed is not the one it was. Copies are never good again.
    void give_up();

    [[nodiscard]] bool is_dead() const { return dead_; }

    /// For the next look. Nothing before the first.
    [[nodiscard]] domain::ports::NewsQuery next_query() const;

    /// Notes that somebody reads; true since was_used() was asked last.
    void use() {
        if (!used_.load(std::memory_order_relaxed)) used_ = true;
    }

    bool was_used() { return used_.exchange(false); }

  private:
    void mark(const domain::ports::FreshnessMark& mark);
    void age_marks(Clock::time_point now);
    void forget_unneeded_marks();
    void changed(const domain::Uuid& document, std::int64_t commit, const Forget& forget);
    void reach(const domain::ports::Commit& commit);
    void go_on();
    void know(const domain::Position& position);
    [[nodiscard]] domain::ports::Commit reached() const;

    // The reached commit, written under the mutex, read without: odd while it is written.
    std::atomic<std::uint64_t> turn_ = 0;
    std::atomic<std::int64_t> number_ = -1;
    std::atomic<std::int64_t> at_ = 0;
    std::atomic<std::int64_t> told_ = 0;
    std::atomic<Clock::rep> looked_at_ = Clock::time_point::min().time_since_epoch().count();
    std::atomic<bool> dead_ = false;
    std::atomic<bool> used_ = true;

    mutable std::mutex mutex_;
    bool looked_once_ = false;
    domain::Timestamp looked_at_there_;
    /// The last change of each document that changed lately.
    std::unordered_map<domain::Uuid, std::int64_t> changes_;
    /// Copies loaded before this commit are not kept: what changed until then is not remembered.
    std::int64_t remembered_since_ = 0;
    /// Commits of this process that wait for those before them: the last by the first.
    std::map<std::int64_t, domain::ports::Commit> ahead_;
    /// Marks of commits that were told lately.
    std::map<std::int64_t, std::uint32_t> known_;
    /// Shared with the copies that depend on them; those that no copy needs any more go now and then.
    std::unordered_map<domain::Uuid, std::shared_ptr<std::atomic<std::int64_t>>> marks_;
    std::size_t marks_before_sweep_ = fewest_marks;
    /// What was told of marks lately, and before: a load that began earlier may not have seen it.
    std::unordered_map<domain::Uuid, std::int64_t> told_marks_, told_marks_before_;
    Clock::time_point marks_aged_at_ = Clock::time_point::min();
};

}  // namespace tributary::cache
