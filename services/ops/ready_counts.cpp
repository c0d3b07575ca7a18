#include "services/ops/ready_counts.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

namespace tributary::ops {

namespace {

/// Threads are numbered as they come.
std::size_t number_of_this_thread() {
    static std::atomic<std::size_t> threads = 0;
    static thread_local const std::size_t number = threads++;
    return number;
}

}  // namespace

void ReadyCounts::count(std::string_view route, std::string_view method, int status,
                        std::chrono::nanoseconds elapsed) {
    const double seconds = std::chrono::duration<double>(elapsed).count();
    const auto bucket =
        static_cast<std::size_t>(std::ranges::lower_bound(bounds_, seconds) - bounds_.begin());
    Part& part = parts_[number_of_this_thread() % parts];
    const std::lock_guard lock(part.mutex);
    auto found = std::ranges::find_if(part.counts, [&](const ReadyCount& one) {
        return one.status == status && one.route == route && one.method == method;
    });
    if (found == part.counts.end()) {
        ReadyCount fresh{std::string(route), std::string(method), status,
                         std::vector<double>(bounds_.size() + 1)};
        found = part.counts.insert(part.counts.end(), std::move(fresh));
    }
    ++found->buckets[bucket];
    found->seconds += seconds;
    ++found->answers;
}

void ReadyCounts::take(const std::function<void(const ReadyCount&)>& out) {
    for (Part& part : parts_) {
        std::vector<ReadyCount> counts;
        {
            const std::lock_guard lock(part.mutex);
            counts = std::exchange(part.counts, {});
        }
        for (const ReadyCount& one : counts) {
            out(one);
        }
    }
}

}  // namespace tributary::ops
