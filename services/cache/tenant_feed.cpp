#include "services/cache/tenant_feed.hpp"

#include <algorithm>
#include <utility>

namespace tributary::cache {

using domain::Position;
using domain::Uuid;
using domain::ports::Commit;
using domain::ports::FreshnessMark;
using domain::ports::News;
using domain::ports::NewsQuery;
using domain::ports::OwnNews;

namespace {

constexpr std::size_t most_known = 1'024;
constexpr std::size_t most_ahead = 1'024;

std::int64_t micros(domain::Timestamp at) {
    return at.time_since_epoch().count();
}

std::int64_t last_of(const std::unordered_map<Uuid, std::int64_t>& marks, const Uuid& subject) {
    const auto found = marks.find(subject);
    return found == marks.end() ? 0 : found->second;
}

}  // namespace

bool TenantFeed::serves(Clock::time_point now) const {
    const Clock::time_point looked{Clock::duration(looked_at_.load(std::memory_order_acquire))};
    return now <= looked + counts_for && told_ <= number_ && !dead_;
}

bool TenantFeed::is_good(const ReadyDocument& copy) const {
    return std::ranges::all_of(copy.stamps, [](const Stamp& stamp) {
        return stamp.latest->load(std::memory_order_acquire) == stamp.seen;
    });
}

Commit TenantFeed::reached() const {
    while (true) {
        const std::uint64_t turn = turn_.load();
        const Commit commit{number_.load(), domain::Timestamp(std::chrono::microseconds(at_.load()))};
        if (turn % 2 == 0 && turn == turn_.load()) return commit;
    }
}

Position TenantFeed::position() const {
    return position_of(reached());
}

bool TenantFeed::covers(const Position& position) const {
    if (position.commit > number_) return false;
    if (position.commit == 0) return true;
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(position.commit);
    return found != known_.end() && found->second == position.mark;
}

Stamp TenantFeed::stamp(const Uuid& subject, domain::Timestamp mark) {
    const std::lock_guard lock(mutex_);
    if (marks_.size() >= marks_before_sweep_ && !marks_.contains(subject)) forget_unneeded_marks();
    auto& latest = marks_[subject];
    if (!latest) latest = std::make_shared<std::atomic<std::int64_t>>();
    *latest = std::max(
        {latest->load(), micros(mark), last_of(told_marks_, subject), last_of(told_marks_before_, subject)});
    return {latest, micros(mark)};
}

std::size_t TenantFeed::marks_remembered() const {
    const std::lock_guard lock(mutex_);
    return marks_.size();
}

// Copies are made under the mutex and only ever end without it: what nobody else holds here is not needed.
// The next look comes when there are twice as many as now, so that each mark pays for a constant part of it.
void TenantFeed::forget_unneeded_marks() {
    std::erase_if(marks_, [](const auto& mark) { return mark.second.use_count() == 1; });
    marks_before_sweep_ = std::max(fewest_marks, 2 * marks_.size());
}

void TenantFeed::keep_if_good(const Uuid& document, std::int64_t loaded_at,
                              const std::function<void()>& keep) {
    const std::lock_guard lock(mutex_);
    const auto change = changes_.find(document);
    const bool changed_since = change != changes_.end() && change->second > loaded_at;
    if (looked_once_ && !dead_ && !changed_since && loaded_at >= remembered_since_) keep();
}

void TenantFeed::heard(const OwnNews& news, const Forget& forget) {
    const std::lock_guard lock(mutex_);
    if (news.commits) {
        for (const Uuid& document : news.documents) {
            changed(document, news.commits->last.number, forget);
        }
        know(position_of(news.commits->last));
        if (news.commits->first.number > number_) ahead_[news.commits->first.number] = news.commits->last;
    }
    for (const FreshnessMark& one : news.marks) {
        mark(one);
    }
    // Who is told of these commits must not be shown the freshness before them.
    if (news.commits) go_on();
}

void TenantFeed::looked(const News& news, Clock::time_point began, const Forget& forget) {
    const std::lock_guard lock(mutex_);
    if (!looked_once_) remembered_since_ = news.head.number;
    age_marks(began);
    for (const News::Changed& one : news.changed) {
        changed(one.document, one.commit, forget);
    }
    for (const FreshnessMark& one : news.marks) {
        mark(one);
    }
    know(position_of(news.head));
    if (news.head.number > number_ || !looked_once_) reach(news.head);
    looked_once_ = true;
    looked_at_there_ = news.looked_at;
    go_on();
    looked_at_.store(began.time_since_epoch().count(), std::memory_order_release);
}

void TenantFeed::give_up() {
    dead_ = true;
    // Copies hold the feed until they go themselves, however long that takes.
    const std::lock_guard lock(mutex_);
    changes_ = {};
    ahead_ = {};
    known_ = {};
    marks_ = {};
    told_marks_ = {};
    told_marks_before_ = {};
}

void TenantFeed::told(const Position& position) {
    if (position.commit > told_) {
        const std::lock_guard lock(mutex_);
        told_ = std::max(told_.load(), position.commit);
        know(position);
    }
}

NewsQuery TenantFeed::next_query() const {
    const std::lock_guard lock(mutex_);
    NewsQuery query;
    if (looked_once_) {
        query.after = reached();
        query.looked_at = looked_at_there_;
    }
    return query;
}

void TenantFeed::mark(const FreshnessMark& mark) {
    if (const auto found = marks_.find(mark.subject); found != marks_.end()) {
        *found->second = std::max(found->second->load(), micros(mark.at));
    }
    std::int64_t& last = told_marks_[mark.subject];
    last = std::max(last, micros(mark.at));
}

void TenantFeed::age_marks(Clock::time_point now) {
    if (now < marks_aged_at_ + marks_stay && told_marks_.size() < most_remembered) return;
    told_marks_before_ = std::exchange(told_marks_, {});
    marks_aged_at_ = now;
}

void TenantFeed::changed(const Uuid& document, std::int64_t commit, const Forget& forget) {
    if (changes_.size() >= most_remembered) {
        for (const auto& [other, at] : changes_) {
            remembered_since_ = std::max(remembered_since_, at);
        }
        changes_.clear();
    }
    std::int64_t& last = changes_[document];
    last = std::max(last, commit);
    forget(document, commit);
}

void TenantFeed::reach(const Commit& commit) {
    ++turn_;
    number_ = commit.number;
    at_ = micros(commit.at);
    ++turn_;
}

// Commits of this process that follow what is known are known, too: their documents were forgotten when they
// were heard.
void TenantFeed::go_on() {
    if (!looked_once_) return;
    while (!ahead_.empty() && ahead_.begin()->first <= number_ + 1) {
        const Commit last = ahead_.begin()->second;
        ahead_.erase(ahead_.begin());
        if (last.number > number_) reach(last);
    }
    // The feed tells of those that were forgotten here.
    while (ahead_.size() > most_ahead) {
        ahead_.erase(std::prev(ahead_.end()));
    }
}

void TenantFeed::know(const Position& position) {
    known_[position.commit] = position.mark;
    if (known_.size() > most_known) known_.erase(known_.begin());
}

}  // namespace tributary::cache
