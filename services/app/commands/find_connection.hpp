// A connection as people name it on the command line.
#pragma once

#include <string>

#include "domain/ports/connection_store.hpp"
#include "services/app/command.hpp"

namespace tributary::app {

/// By name or id. Errc::not_found where the tenant has none of that name.
domain::Result<domain::ports::ConnectionView> find_connection(Workbench& bench, const domain::Uuid& tenant,
                                                              const std::string& name_or_id);

}  // namespace tributary::app
