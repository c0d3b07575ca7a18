// Takes back everything one connection said, in bounded steps; what other connections said stays.
#pragma once

#include <functional>

#include "domain/ids.hpp"
#include "services/sync/tools.hpp"

namespace tributary::sync {

/// Tombstones every live record of the connection. May be interrupted and started again.
domain::ports::Task<domain::Result<void>> withdraw_records(const SyncTools& tools,
                                                           domain::ProviderSpace space,
                                                           domain::Uuid connection,
                                                           domain::ports::CommitCause cause,
                                                           std::function<bool()> keep_going);

}  // namespace tributary::sync
