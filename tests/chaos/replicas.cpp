#include "replicas.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "tests/support/blocking_http.hpp"

namespace tributary::chaos {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds between_looks{10};

milliseconds since(Clock::time_point start) {
    return std::chrono::duration_cast<milliseconds>(Clock::now() - start);
}

}  // namespace

Replicas::Replicas(e2e::RunningSystem& system) : system_(system), second_settings_(system.settings()) {
    second_settings_.port = tests::free_port();
    second_settings_.admin_port = tests::free_port();
    second_ = system_.serve(second_settings_);
}

void Replicas::kill(Victim victim) {
    if (victim != Victim::second) {
        system_.kill_service();
        first_dead_ = true;
        ++kills_;
    }
    if (victim != Victim::first) {
        second_->kill();
        second_dead_ = true;
        ++kills_;
    }
    killed_at_ = Clock::now();
    held_.clear();
    for (const auto& row : system_.database().rows(
             "SELECT connection_id, fence, lease_until FROM due_queue WHERE lease_owner IS NOT NULL")) {
        held_[row[0]] = {row[1], row[2]};
    }
}

milliseconds Replicas::start_again() {
    milliseconds first{0};
    milliseconds second{0};
    if (std::exchange(first_dead_, false)) {
        const auto start = Clock::now();
        system_.start_service();
        first = since(start);
    }
    if (std::exchange(second_dead_, false)) {
        const auto start = Clock::now();
        second_ = system_.serve(second_settings_);
        second = since(start);
    }
    return std::max(first, second);
}

milliseconds Replicas::until_taken_over() {
    while (!held_.empty()) {
        REQUIRE_MESSAGE(since(killed_at_) < std::chrono::minutes(2), "a lease of a dead owner stays");
        std::erase_if(held_, [&](const auto& held) {
            const auto& [connection, lease] = held;
            const auto now = system_.database().rows(
                "SELECT fence, lease_until FROM due_queue WHERE connection_id = '" + connection + "'");
            const bool taken_over = now[0][0] != lease.fence;
            if (taken_over) ++interrupted_;
            // Else a living owner renewed it or gave it back.
            return taken_over || now[0][1] != lease.until;
        });
        if (!held_.empty()) std::this_thread::sleep_for(between_looks);
    }
    return since(killed_at_);
}

}  // namespace tributary::chaos
