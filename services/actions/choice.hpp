// Through which connection an action is carried out. Pure.
#pragma once

#include <optional>

#include "domain/ports/action_store.hpp"
#include "domain/ports/provider.hpp"

namespace tributary::actions {

/// The first connection that works, sees the subject and may change it: a profile's preferences and
/// attributes are changed by whoever it is itself. nullptr where none does.
const domain::ports::ActionTarget::Holder* choose(const domain::ports::ActionTarget& target,
                                                  domain::ports::ActionKind kind,
                                                  const domain::ports::Provider& provider);

/// Whether a connection's records show that the subject has an attribute of this id.
bool has_attribute(const domain::ports::ActionTarget& target, const std::string& id);

}  // namespace tributary::actions
