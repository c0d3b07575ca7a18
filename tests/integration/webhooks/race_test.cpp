// Polls and events about one object in any order, on a real store: nothing older ever replaces something
// newer, and what was last is stored at the end.

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "inbox_fixture.hpp"

using namespace tributary;
using namespace tributary::tests;

namespace {

class Race {
  public:
    Race(InboxFixture& fixture, unsigned seed)
        : fixture_(fixture), dice_(seed), group_("g" + std::to_string(seed)) {}

    void run() {
        for (int i = 0; i < 14; ++i) {
            step();
            const int stored = fixture_.version_of(group_);
            CHECK(stored >= highest_);
            CHECK(stored <= now_);
            highest_ = stored;
        }
        finish_poll();
        deliver(version_events_);
        fixture_.apply();
        CHECK(fixture_.version_of(group_) == now_);
    }

  private:
    void step() {
        switch (dice_() % 6) {
            case 0:
            case 1:
                ++now_;
                version_events_.push_back(now_);
                break;
            case 2:
                deliver(some_events());
                break;
            case 3:
                if (!poll_) {
                    poll_ = fixture_.begin_poll();
                    polled_ = now_;
                }
                break;
            case 4:
                finish_poll();
                break;
            default:
                fixture_.apply();
        }
    }

    std::vector<int> some_events() {
        std::vector<int> some;
        for (std::size_t i = dice_() % 4; i > 0; --i) {
            some.push_back(version_events_[dice_() % version_events_.size()]);
        }
        return some;
    }

    void deliver(std::vector<int> versions) {
        if (versions.empty()) return;
        std::ranges::shuffle(versions, dice_);
        std::vector<std::string> events;
        for (const int version : versions) {
            // Half of the time the same event again, otherwise another one of the same object.
            const std::string twin = dice_() % 2 == 0 ? "" : std::to_string(dice_());
            events.push_back(event_of(group_ + "-" + std::to_string(version) + twin, "ACCOUNT_GROUP.UPDATED",
                                      group_object(group_, version)));
        }
        fixture_.deliver(events);
    }

    void finish_poll() {
        if (!poll_) return;
        good(fixture_.commit_poll(*poll_, {group_object(group_, polled_)}));
        fixture_.end_poll(*poll_);
        poll_.reset();
    }

    InboxFixture& fixture_;
    std::mt19937 dice_;
    std::string group_;
    int now_ = 1;
    int highest_ = -1;
    int polled_ = 0;
    std::vector<int> version_events_{1};
    std::optional<domain::ports::ClaimedRun> poll_;
};

}  // namespace

TEST_CASE_FIXTURE(InboxFixture, "in 150 interleavings of polls and events nothing older wins") {
    for (unsigned seed = 0; seed < 150; ++seed) {
        CAPTURE(seed);
        Race(*this, seed).run();
    }
}
