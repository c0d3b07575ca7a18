// Connections, runs and stream states as the API and the command line show them. Credentials are not among
// the members.
#pragma once

#include "domain/json/value.hpp"
#include "domain/ports/connection_store.hpp"

namespace tributary::admin {

json::Object connection_object(const domain::ports::ConnectionView& connection);
json::Object run_object(const domain::ports::RunView& run);

}  // namespace tributary::admin
