// A proposal as the API and the command line show it.
#pragma once

#include "domain/json/value.hpp"
#include "domain/ports/connection_store.hpp"

namespace tributary::admin {

json::Object proposal_object(const domain::ports::ProposalView& proposal);

}  // namespace tributary::admin
