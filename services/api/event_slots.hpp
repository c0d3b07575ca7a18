// How many readers wait for changes in this process, by a stream of events or a long poll. A commit wakes all
// of a tenant's at once, and each then asks the database: together they must leave room in its queue.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "domain/uuid.hpp"

namespace tributary::api {

class EventSlots {
  public:
    static constexpr int most_of_a_tenant = 64;
    static constexpr int most_of_all = 160;

    /// Held as long as its reader waits; nothing where there is no room. May outlive the slots.
    std::shared_ptr<void> take(const domain::Uuid& tenant);

  private:
    struct Taken {
        std::mutex mutex;
        std::map<domain::Uuid, int> by_tenant;
        int all = 0;
    };

    std::shared_ptr<Taken> taken_ = std::make_shared<Taken>();
};

}  // namespace tributary::api
