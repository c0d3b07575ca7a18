// Making, pausing and removing connections.
#pragma once

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/connection_store.hpp"

namespace tributary::postgres {

domain::ports::ConnectionView create_connection(Transaction& tx, domain::ports::Random& random,
                                                const domain::ports::NewConnection& connection);
void remove_connection(Transaction& tx, domain::ports::Random& random, const domain::Uuid& id);
void forget_connection(Transaction& tx, const domain::ports::Lease& lease);
/// Resuming a disabled connection gives its credentials one more try.
void pause_connection(Transaction& tx, domain::ports::Random& random, const domain::Uuid& id, bool paused);

}  // namespace tributary::postgres
