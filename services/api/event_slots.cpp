#include "services/api/event_slots.hpp"

namespace tributary::api {

std::shared_ptr<void> EventSlots::take(const domain::Uuid& tenant) {
    {
        const std::scoped_lock lock(taken_->mutex);
        const auto open = taken_->by_tenant.find(tenant);
        const int mine = open == taken_->by_tenant.end() ? 0 : open->second;
        if (mine >= most_of_a_tenant || taken_->all >= most_of_all) {
            return nullptr;
        }
        ++taken_->by_tenant[tenant];
        ++taken_->all;
    }
    return {taken_.get(), [taken = taken_, tenant](void*) {
                const std::scoped_lock lock(taken->mutex);
                const auto open = taken->by_tenant.find(tenant);
                --taken->all;
                if (--open->second == 0) {
                    taken->by_tenant.erase(open);
                }
            }};
}

}  // namespace tributary::api
