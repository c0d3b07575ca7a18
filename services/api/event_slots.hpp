// How many streams of events a tenant has open in this process. Each holds a connection for as long as its
// reader likes, and must not keep all of them from others.
#pragma once

#include <map>
#include <memory>
#include <mutex>

#include "domain/uuid.hpp"

namespace tributary::api {

class EventSlots {
  public:
    static constexpr int most_of_a_tenant = 256;

    /// Held as long as its stream; nothing where the tenant has as many as it may. May outlive the slots.
    std::shared_ptr<void> take(const domain::Uuid& tenant);

  private:
    struct Taken {
        std::mutex mutex;
        std::map<domain::Uuid, int> by_tenant;
    };

    std::shared_ptr<Taken> taken_ = std::make_shared<Taken>();
};

}  // namespace tributary::api
