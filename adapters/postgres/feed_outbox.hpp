// What this process committed and other replicas were not told yet. Commits of one tenant become one line,
// because only the last one matters.
#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "domain/uuid.hpp"

namespace tributary::postgres {

/// Thread-safe.
class FeedOutbox {
  public:
    /// Throws std::system_error where the process has no descriptor left.
    FeedOutbox();
    ~FeedOutbox();
    FeedOutbox(const FeedOutbox&) = delete;
    FeedOutbox& operator=(const FeedOutbox&) = delete;

    /// Forgotten where so many tenants wait already that nobody can be sending.
    void add(const domain::Uuid& tenant, std::int64_t commit);
    /// The text of one announcement, whose tenants do not wait any more; empty where nothing waits.
    std::string take();

    /// A descriptor for poll(): readable while something waits.
    [[nodiscard]] int descriptor() const { return descriptor_; }

  private:
    static constexpr std::size_t most_tenants = 10'000;

    std::mutex mutex_;
    std::unordered_map<domain::Uuid, std::int64_t> commits_;
    int descriptor_;
};

}  // namespace tributary::postgres
