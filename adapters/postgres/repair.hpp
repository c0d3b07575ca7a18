// Replacing a connection's credentials in place.
#pragma once

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/connection_store.hpp"

namespace tributary::postgres {

domain::ports::ConnectionView repair_connection(Transaction& tx, domain::ports::Random& random,
                                                const domain::ports::ConnectionRepair& repair);

}  // namespace tributary::postgres
