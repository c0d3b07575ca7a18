#include "services/actions/choice.hpp"

#include <algorithm>

#include "domain/health.hpp"
#include "domain/json/parse.hpp"

namespace tributary::actions {

using domain::ports::ActionKind;
using domain::ports::ActionTarget;

namespace {

bool works(domain::ConnectionStatus status) {
    using enum domain::ConnectionStatus;
    return status == active || status == degraded || status == held;
}

bool is_of_oneself(ActionKind kind) {
    using enum ActionKind;
    return kind == put_preferences || kind == put_attribute || kind == delete_attribute;
}

bool shows_attribute(const std::string& record, const std::string& id) {
    const auto parsed = json::parse(record);
    const json::Value* attributes = parsed ? parsed->root.find("attributes") : nullptr;
    if (attributes == nullptr || attributes->if_array() == nullptr) {
        return false;
    }
    return std::ranges::any_of(*attributes->if_array(), [&id](const json::Value& attribute) {
        const json::Value* known = attribute.find("id");
        return known != nullptr && known->if_string() != nullptr && *known->if_string() == id;
    });
}

}  // namespace

const ActionTarget::Holder* choose(const ActionTarget& target, ActionKind kind,
                                   const domain::ports::Provider& provider) {
    if (!provider.takes(kind)) {
        return nullptr;
    }
    const auto may = [&](const ActionTarget::Holder& holder) {
        return works(holder.connection.status) && holder.connection.provider == target.provider &&
               holder.connection.environment == target.environment &&
               (!is_of_oneself(kind) || holder.connection.self.profile == target.provider_id);
    };
    const auto found = std::ranges::find_if(target.holders, may);
    return found == target.holders.end() ? nullptr : &*found;
}

bool has_attribute(const ActionTarget& target, const std::string& id) {
    return std::ranges::any_of(target.holders, [&id](const ActionTarget::Holder& holder) {
        return std::ranges::any_of(holder.parts,
                                   [&id](const std::string& part) { return shows_attribute(part, id); });
    });
}

}  // namespace tributary::actions
