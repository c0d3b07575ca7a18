// What replicas tell each other at once: a provider asked to be left alone, a tenant's feed moved. One thread
// with a connection of its own that must not pass a pooler in transaction mode, made again whenever it is
// lost.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "domain/ports/budget_store.hpp"

namespace tributary::postgres {

struct BlockHearer {
    /// Told of every block. Called on the link's thread; must not throw.
    std::function<void(const domain::ports::BudgetBlock&)> blocked;
    /// The budgets in use here: their rows are read anew after a connection was lost, because what was
    /// announced meanwhile is gone. Called on the link's thread.
    std::function<std::vector<domain::ports::BudgetKey>()> in_use;
};

class SharedFeedSignal;

class ReplicaLink {
  public:
    /// Starts the thread. `url` as libpq takes it. While the database is away nothing is heard; what was
    /// drawn before lives a second, so that a missed block cannot be overlooked for longer. Where there is a
    /// `feed`, which outlives the link, what its outbox has is announced, at most one statement every 20 ms,
    /// it is told what others announce, and whenever a connection stands that it may have missed some.
    ReplicaLink(std::string url, BlockHearer hearer, SharedFeedSignal* feed = nullptr);
    /// Ends the thread, waiting neither for the server nor for a pause.
    ~ReplicaLink();
    ReplicaLink(const ReplicaLink&) = delete;
    ReplicaLink& operator=(const ReplicaLink&) = delete;

    /// True while announcements are heard.
    [[nodiscard]] bool listening() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace tributary::postgres
