// What an action was asked with, sealed for storage: it may be personal.
#pragma once

#include <string>

#include "domain/error.hpp"
#include "domain/json/value.hpp"
#include "domain/ports/sealer.hpp"
#include "domain/uuid.hpp"

namespace tributary::actions {

std::string seal_arguments(domain::ports::Sealer& sealer, const domain::Uuid& tenant,
                           const domain::Uuid& action, const json::Object& arguments);
/// Errc::configuration where this key does not open them.
domain::Result<json::Object> open_arguments(const domain::ports::Sealer& sealer, const domain::Uuid& tenant,
                                            const domain::Uuid& action, const std::string& sealed);

}  // namespace tributary::actions
