// A connection as its rows tell it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/connection_store.hpp"

namespace tributary::postgres {

struct ConnectionRow {
    domain::ports::ConnectionView view;
    /// What the last run found; the view shows an operator's decision instead where there is one.
    domain::Health health;
    std::string sealed_credentials;
    bool removing = false;
};

/// Ordered by id. `ids`: only these; nothing: all of the tenant.
std::vector<ConnectionRow> load_connections(Transaction& tx,
                                            const std::optional<std::vector<domain::Uuid>>& ids);
/// Throws Failure with Errc::not_found.
ConnectionRow load_connection(Transaction& tx, const domain::Uuid& id);

}  // namespace tributary::postgres
