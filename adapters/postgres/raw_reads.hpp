// What providers sent of the objects that a document is made of.
#pragma once

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/read_store.hpp"

namespace tributary::postgres {

domain::ports::RawRead read_raw(Transaction& tx, const domain::ports::ReadAt& at, domain::EntityKind kind,
                                const domain::Uuid& id);

}  // namespace tributary::postgres
