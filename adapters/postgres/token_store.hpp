// The port for tokens, over the pool.
#pragma once

#include <memory>

#include "adapters/postgres/pool.hpp"
#include "domain/ports/token_store.hpp"

namespace tributary::postgres {

/// The pool outlives it.
std::unique_ptr<domain::ports::TokenStore> make_token_store(Pool& pool);

}  // namespace tributary::postgres
