// The port of what the API reads, over the pool.
#pragma once

#include <memory>

#include "adapters/postgres/pool.hpp"
#include "domain/ports/read_store.hpp"

namespace tributary::postgres {

/// `pool` must outlive it.
std::unique_ptr<domain::ports::ReadStore> make_read_store(Pool& pool);

}  // namespace tributary::postgres
