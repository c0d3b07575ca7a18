// Hears what other replicas announce: a provider asked to be left alone. One thread with a connection of its
// own that must not pass a pooler in transaction mode, made again whenever it is lost.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "domain/ports/budget_store.hpp"

namespace tributary::postgres {

struct BlockHearer {
    /// Told of every block. Called on the listener's thread; must not throw.
    std::function<void(const domain::ports::BudgetBlock&)> blocked;
    /// The budgets in use here: their rows are read anew after a connection was lost, because what was
    /// announced meanwhile is gone. Called on the listener's thread.
    std::function<std::vector<domain::ports::BudgetKey>()> in_use;
};

class BlockListener {
  public:
    /// Starts the thread. `url` as libpq takes it. While the database is away nothing is heard; what was
    /// drawn before lives a second, so that a missed block cannot be overlooked for longer.
    BlockListener(std::string url, BlockHearer hearer);
    /// Ends the thread, waiting neither for the server nor for a pause.
    ~BlockListener();
    BlockListener(const BlockListener&) = delete;
    BlockListener& operator=(const BlockListener&) = delete;

    /// True while announcements are heard.
    [[nodiscard]] bool listening() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace tributary::postgres
