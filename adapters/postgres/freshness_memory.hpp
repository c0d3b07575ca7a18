// What is told of connections' freshness, remembered for as long as their marks do not move.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/ports/read_store.hpp"

namespace tributary::postgres {

/// Of one tenant. Thread-safe.
class FreshnessMemory {
  public:
    using Told = std::shared_ptr<const domain::ports::ToldSources>;
    /// Beyond so many lists of sources all are forgotten, and learned again.
    static constexpr std::size_t most = 5'000;
    /// Beyond so many connections their marks are not asked for beforehand.
    static constexpr std::size_t most_connections = 200;

    /// Connections whose marks a read probably has to know.
    std::vector<domain::Uuid> connections() const;
    /// What was learned last of these sources (as they are stored), with the marks that it was told under.
    Told find(std::string_view sources) const;
    /// What was learned under an older mark than is known is of no use.
    void learn(std::string_view sources, Told told);

  private:
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Told> known_;
    std::vector<domain::Uuid> connections_;
};

}  // namespace tributary::postgres
