// Credentials as they are kept: a JSON object sealed for its tenant and connection.
#pragma once

#include <string>

#include "domain/json/value.hpp"
#include "domain/ports/sealer.hpp"
#include "domain/uuid.hpp"

namespace tributary::sync {

std::string seal_credentials(domain::ports::Sealer& sealer, const domain::Uuid& tenant,
                             const domain::Uuid& connection, const json::Object& credentials);
/// Errc::configuration where they were sealed under another key.
domain::Result<json::Object> open_credentials(const domain::ports::Sealer& sealer, const domain::Uuid& tenant,
                                              const domain::Uuid& connection, const std::string& sealed);

}  // namespace tributary::sync
