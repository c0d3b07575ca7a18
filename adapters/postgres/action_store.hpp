// The port for actions, over the pool.
#pragma once

#include <memory>

#include "adapters/postgres/pool.hpp"
#include "domain/ports/action_store.hpp"

namespace tributary::postgres {

/// The pool outlives it.
std::unique_ptr<domain::ports::ActionStore> make_action_store(Pool& pool);

}  // namespace tributary::postgres
