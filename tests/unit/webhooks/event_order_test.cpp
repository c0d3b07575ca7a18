#include "services/webhooks/event_order.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "services/view/page_commit.hpp"

using namespace tributary;
using namespace tributary::webhooks;
using domain::Timestamp;
using domain::ports::RecordState;

namespace {

Timestamp version(int number) {
    return Timestamp(std::chrono::seconds(1'790'000'000 + number));
}

std::map<std::string, RecordState> stored(std::optional<Timestamp> updated_at, bool removed = false) {
    RecordState state;
    state.provider_id = "o";
    state.source_updated_at = updated_at;
    state.removed = removed;
    state.hash = "the same";
    return {{"o", state}};
}

std::string fate(std::optional<Timestamp> event, const std::map<std::string, RecordState>& records,
                 const std::string& hash = "the same") {
    const Candidate candidate{"e", "o", event, hash};
    return judge({&candidate, 1}, records).front().state;
}

/// One object at its provider, what is stored of it, and everything on its way between them.
class Race {
  public:
    explicit Race(unsigned seed) : dice_(seed) {}

    /// False once something older replaced something newer.
    bool step() {
        switch (dice_() % 6) {
            case 0:
                ++now_;
                sent_.push_back(now_);
                break;
            case 1:
                deliver();
                break;
            case 2:
                if (!polling_) polled_ = now_, polling_ = true;
                break;
            case 3:
                commit_poll();
                break;
            default:
                apply();
        }
        const bool forward = record_ >= highest_;
        highest_ = std::max(highest_, record_);
        return forward && record_ <= now_;
    }

    /// Everything arrives at last; true where the newest is stored then.
    bool settle() {
        commit_poll();
        for (int i = 0; i < 3; ++i) {
            inbox_.insert(inbox_.end(), sent_.begin(), sent_.end());
        }
        std::ranges::shuffle(inbox_, dice_);
        apply();
        return record_ == now_;
    }

  private:
    /// Some of what was ever sent, again and again, in any order.
    void deliver() {
        for (std::size_t i = dice_() % 4; i > 0 && !sent_.empty(); --i) {
            inbox_.push_back(sent_[dice_() % sent_.size()]);
        }
    }

    /// As a page of the stream is committed.
    void commit_poll() {
        if (!std::exchange(polling_, false)) return;
        if (record_ < 0 || !view::is_outdated(stored(version(record_)).at("o"), version(polled_)))
            record_ = polled_;
    }

    /// As the inbox is applied: never while a poll is under way, in the order of the object's time.
    void apply() {
        if (polling_ || inbox_.empty()) return;
        std::ranges::sort(inbox_);
        std::vector<Candidate> candidates;
        for (const int event : inbox_) {
            candidates.push_back({std::to_string(event), "o", version(event), "the same"});
        }
        const auto records = record_ < 0 ? std::map<std::string, RecordState>() : stored(version(record_));
        const auto outcomes = judge(candidates, records);
        for (std::size_t i = 0; i < outcomes.size(); ++i) {
            if (outcomes[i].state == "applied") record_ = inbox_[i];
        }
        inbox_.clear();
    }

    std::mt19937 dice_;
    int now_ = 0;
    int record_ = -1;
    int highest_ = -1;
    int polled_ = 0;
    bool polling_ = false;
    std::vector<int> sent_{0};
    std::vector<int> inbox_;
};

}  // namespace

TEST_CASE("an event is news only where it is newer than what is stored") {
    CHECK(fate(version(5), {}) == "applied");
    CHECK(fate(version(5), stored(version(4))) == "applied");
    CHECK(fate(version(5), stored(version(5))) == "stale");
    CHECK(fate(version(5), stored(version(6))) == "stale");
    CHECK(fate(version(4), stored(version(5)), "another") == "stale");
    CHECK(fate(version(5), stored(version(5)), "another") == "hint");
}

TEST_CASE("an event brings nothing back, and where nothing can be compared a run finds out") {
    CHECK(fate(version(9), stored(version(1), true)) == "hint");
    CHECK(fate(version(9), stored(std::nullopt)) == "hint");
    CHECK(fate(std::nullopt, stored(version(1))) == "hint");
}

TEST_CASE("of several events about one object only the last counts, and each object counts for itself") {
    const std::vector<Candidate> events{
        {"a", "o", version(1), ""}, {"b", "p", version(2), ""}, {"c", "o", version(3), ""}};
    const auto outcomes = judge(events, {});
    REQUIRE(outcomes.size() == 3);
    CHECK(outcomes[0].state == "stale");
    CHECK(outcomes[1].state == "applied");
    CHECK(outcomes[2].state == "applied");
    CHECK(outcomes[2].event_id == "c");
}

TEST_CASE("in 100,000 interleavings of polls and late, repeated, unordered events nothing older wins") {
    int regressions = 0;
    int unsettled = 0;
    for (unsigned seed = 0; seed < 100'000; ++seed) {
        Race race(seed);
        bool forward = true;
        for (int i = 0; i < 12; ++i) {
            forward = race.step() && forward;
        }
        regressions += forward ? 0 : 1;
        unsettled += race.settle() ? 0 : 1;
    }
    CHECK(regressions == 0);
    CHECK(unsettled == 0);
}
