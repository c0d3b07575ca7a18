// Two replicas of `tributary serve` on one database, and how long they take to come back and to take over.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "tests/e2e/system/running_system.hpp"

namespace tributary::chaos {

class Replicas {
  public:
    /// The system's own service is the first replica; the second is started. The system outlives it.
    explicit Replicas(e2e::RunningSystem& system);

    enum class Victim { first, second, both };

    void kill(Victim victim);
    /// Starts whoever is dead; returns how long the slower took until it was ready.
    std::chrono::milliseconds start_again();
    /// Waits until every lease that was held at the kill has a new owner or is given back; how long that took
    /// from the kill.
    std::chrono::milliseconds until_taken_over();

    [[nodiscard]] int kills() const { return kills_; }

    /// Runs that lost their owner to a kill and were taken over.
    [[nodiscard]] std::size_t interrupted() const { return interrupted_; }

  private:
    e2e::RunningSystem& system_;
    e2e::ProgramSettings second_settings_;
    std::unique_ptr<tests::ChildProcess> second_;
    bool first_dead_ = false;
    bool second_dead_ = false;
    std::chrono::steady_clock::time_point killed_at_;

    struct Held {
        std::string fence;
        /// A living owner renews it.
        std::string until;
    };

    /// By connection id.
    std::map<std::string, Held> held_;
    int kills_ = 0;
    std::size_t interrupted_ = 0;
};

}  // namespace tributary::chaos
