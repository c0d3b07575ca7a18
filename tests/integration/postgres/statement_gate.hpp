// Stands where a pool's statements pass, and stops some of them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

namespace tributary::tests {

/// Counts the statements that hold `marker`, and keeps them waiting or has them fail where a test says so.
/// Thread-safe; for PoolOptions::rewrite.
class StatementGate {
  public:
    /// `failing` takes the same parameters, and fails.
    StatementGate(std::string marker, std::string failing)
        : marker_(std::move(marker)), instead_(std::move(failing)) {}

    std::string pass(std::string sql) {
        if (sql.find(marker_) == std::string::npos) return sql;
        std::unique_lock lock(mutex_);
        ++passed_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return !held_; });
        return failing_ ? instead_ : sql;
    }

    void hold(bool held) {
        const std::lock_guard lock(mutex_);
        held_ = held;
        changed_.notify_all();
    }

    void fail(bool failing) {
        const std::lock_guard lock(mutex_);
        failing_ = failing;
    }

    /// Throws where they do not come.
    void await(int count) {
        std::unique_lock lock(mutex_);
        if (!changed_.wait_for(lock, std::chrono::seconds(20), [&] { return passed_ >= count; })) {
            throw std::runtime_error("a statement did not come");
        }
    }

    void begin_anew() {
        const std::lock_guard lock(mutex_);
        passed_ = 0;
    }

    [[nodiscard]] int passed() {
        const std::lock_guard lock(mutex_);
        return passed_;
    }

  private:
    const std::string marker_;
    const std::string instead_;
    std::mutex mutex_;
    std::condition_variable changed_;
    int passed_ = 0;
    bool held_ = false;
    bool failing_ = false;
};

}  // namespace tributary::tests
