#include "services/api/event_slots.hpp"

namespace tributary::api {

std::shared_ptr<void> EventSlots::take(const domain::Uuid& tenant) {
    {
        const std::scoped_lock lock(taken_->mutex);
        int& open = taken_->by_tenant[tenant];
        if (open >= most_of_a_tenant) {
            return nullptr;
        }
        ++open;
    }
    return {taken_.get(), [taken = taken_, tenant](void*) {
                const std::scoped_lock lock(taken->mutex);
                const auto open = taken->by_tenant.find(tenant);
                if (--open->second == 0) {
                    taken->by_tenant.erase(open);
                }
            }};
}

}  // namespace tributary::api
