// The port for objects that are read by themselves, over the pool.
#pragma once

#include <memory>

#include "adapters/postgres/pool.hpp"
#include "domain/ports/object_read_store.hpp"

namespace tributary::postgres {

/// The pool outlives it.
std::unique_ptr<domain::ports::ObjectReadStore> make_object_read_store(Pool& pool);

}  // namespace tributary::postgres
