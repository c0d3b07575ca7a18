// What is told of connections' freshness, remembered for as long as their marks do not move.
#pragma once

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "domain/ports/read_store.hpp"

namespace tributary::postgres {

/// Of one connection: every stream, as told while it had this mark.
struct MarkedFreshness {
    domain::Timestamp mark;
    std::vector<domain::ports::Freshness> streams;
};

/// Of one tenant. Thread-safe.
class FreshnessMemory {
  public:
    /// Beyond so many connections all are forgotten, and learned again.
    static constexpr std::size_t most = 20'000;

    /// Nothing where it is not known as of this mark.
    std::shared_ptr<const MarkedFreshness> find(const domain::Uuid& connection,
                                                domain::Timestamp mark) const {
        const std::lock_guard lock(mutex_);
        const auto found = known_.find(connection);
        return found == known_.end() || found->second->mark != mark ? nullptr : found->second;
    }

    /// What was learned under an older mark than is known is of no use.
    void learn(const domain::Uuid& connection, std::shared_ptr<const MarkedFreshness> freshness) {
        const std::lock_guard lock(mutex_);
        if (known_.size() >= most) known_.clear();
        auto& known = known_[connection];
        if (!known || known->mark <= freshness->mark) known = std::move(freshness);
    }

  private:
    mutable std::mutex mutex_;
    std::unordered_map<domain::Uuid, std::shared_ptr<const MarkedFreshness>> known_;
};

}  // namespace tributary::postgres
