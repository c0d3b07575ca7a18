// The role that the program works as where that is not the one that owns the tables. Blocking; for the
// command line.
#pragma once

#include <string>

#include "domain/error.hpp"

namespace tributary::postgres {

/// Lets `role` do with each table what the program does with it, and nothing else; tables that later
/// migrations bring are included once it is called again. `url` is the owner's. Repeated it changes nothing.
/// Errc::configuration where there is no such role, it owns the tables, or row-level security does not hold
/// it.
domain::Result<void> admit_service_role(const std::string& url, const std::string& role);

}  // namespace tributary::postgres
