// Counts of answers that take less time than counting them in the registry would: each thread counts by
// itself, and whoever wants to see adds up.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::ops {

/// Answers of one kind since they were taken last.
struct ReadyCount {
    std::string route;
    std::string method;
    int status = 0;
    /// By bucket of the bounds, then those above all bounds.
    std::vector<double> buckets;
    double seconds = 0;
    std::uint64_t answers = 0;
};

/// Thread-safe; threads do not meet.
class ReadyCounts {
  public:
    /// `bounds` in seconds, rising; outlives it.
    explicit ReadyCounts(std::span<const double> bounds) : bounds_(bounds) {}

    void count(std::string_view route, std::string_view method, int status, std::chrono::nanoseconds elapsed);
    /// Hands out everything that was counted, and begins anew.
    void take(const std::function<void(const ReadyCount&)>& out);

  private:
    struct alignas(64) Part {
        std::mutex mutex;
        /// A handful: one for each route, method and status.
        std::vector<ReadyCount> counts;
    };

    static constexpr std::size_t parts = 64;

    std::span<const double> bounds_;
    std::array<Part, parts> parts_;
};

}  // namespace tributary::ops
