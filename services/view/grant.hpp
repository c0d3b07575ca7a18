// An access grant as it is stored and served: {"level", "provider_level", "role", "provider_role",
// "permissions"}.
#pragma once

#include <string>

#include "domain/json/value.hpp"
#include "domain/observation.hpp"

namespace tributary::view {

/// The stored text of a grant; what the provider did not say is missing.
std::string grant_text(const domain::AccessGrant& grant);

}  // namespace tributary::view
