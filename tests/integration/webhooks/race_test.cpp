// Polls and events about the same objects in any order, on a real store: nothing older ever replaces
// something newer, and what was last is stored at the end (P32).

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>

#include "inbox_fixture.hpp"

using namespace tributary;
using namespace tributary::tests;

namespace {

/// What happens to one object; the polls are those of all.
struct Group {
    std::string id;
    int now = 1;
    int highest = -1;
    int polled = 0;
    std::vector<int> version_events{1};
};

/// Fifty objects, each with an interleaving of its own.
class Race {
  public:
    static constexpr std::size_t objects = 50;

    Race(InboxFixture& fixture, unsigned seed) : fixture_(fixture), dice_(seed) {
        for (std::size_t i = 0; i < objects; ++i) {
            groups_.push_back({.id = "g" + std::to_string(seed) + "-" + std::to_string(i)});
        }
    }

    void run() {
        for (int i = 0; i < 14; ++i) {
            step();
            check();
        }
        finish_poll();
        deliver(&Race::every_event);
        fixture_.apply();
        check();
        for (const Group& group : groups_) {
            CHECK(group.highest == group.now);
        }
    }

  private:
    void step() {
        switch (dice_() % 6) {
            case 0:
            case 1:
                change();
                break;
            case 2:
                deliver(&Race::some_events);
                break;
            case 3:
                begin_poll();
                break;
            case 4:
                finish_poll();
                break;
            default:
                fixture_.apply();
        }
    }

    void check() {
        const auto stored = fixture_.versions();
        for (Group& group : groups_) {
            const auto found = stored.find(group.id);
            const int version = found == stored.end() ? -1 : found->second;
            CHECK(version >= group.highest);
            CHECK(version <= group.now);
            group.highest = version;
        }
    }

    void change() {
        for (Group& group : groups_) {
            if (dice_() % 2 == 0) {
                ++group.now;
                group.version_events.push_back(group.now);
            }
        }
    }

    std::vector<int> some_events(const Group& group) {
        std::vector<int> some;
        for (std::size_t i = dice_() % 4; i > 0; --i) {
            some.push_back(group.version_events[dice_() % group.version_events.size()]);
        }
        return some;
    }

    std::vector<int> every_event(const Group& group) { return group.version_events; }

    void deliver(std::vector<int> (Race::*choose)(const Group&)) {
        std::vector<std::string> events;
        for (const Group& group : groups_) {
            for (const int version : (this->*choose)(group)) {
                // Half of the time the same event again, otherwise another one of the same object.
                const std::string twin = dice_() % 2 == 0 ? "" : std::to_string(dice_());
                events.push_back(event_of(group.id + "-" + std::to_string(version) + twin,
                                          "ACCOUNT_GROUP.UPDATED", group_object(group.id, version)));
            }
        }
        std::ranges::shuffle(events, dice_);
        if (!events.empty()) {
            fixture_.deliver(events);
        }
    }

    void begin_poll() {
        if (poll_) return;
        poll_ = fixture_.begin_poll();
        for (Group& group : groups_) {
            group.polled = group.now;
        }
    }

    void finish_poll() {
        if (!poll_) return;
        std::vector<std::string> page;
        for (const Group& group : groups_) {
            page.push_back(group_object(group.id, group.polled));
        }
        good(fixture_.commit_poll(*poll_, page));
        fixture_.end_poll(*poll_);
        poll_.reset();
    }

    InboxFixture& fixture_;
    std::mt19937 dice_;
    std::vector<Group> groups_;
    std::optional<domain::ports::ClaimedRun> poll_;
};

unsigned asked_for(const char* name, unsigned otherwise) {
    const char* given = std::getenv(name);
    return given == nullptr ? otherwise : static_cast<unsigned>(std::stoul(given));
}

}  // namespace

TEST_CASE_FIXTURE(InboxFixture, "in all interleavings of polls and events nothing older wins") {
    const unsigned races = asked_for("TRIBUTARY_RACES", 4);
    const unsigned first = asked_for("TRIBUTARY_RACES_FROM", 0);
    for (unsigned seed = first; seed < first + races; ++seed) {
        CAPTURE(seed);
        Race(*this, seed).run();
    }
    std::cout << "races: " << races * Race::objects << " interleavings\n";
}
