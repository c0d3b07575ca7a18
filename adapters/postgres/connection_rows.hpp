// A connection as its rows tell it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
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

/// What a reader is shown of a connection in this lifecycle: an operator's decision, else what the last run
/// found.
domain::Health shown_health(std::string_view lifecycle, domain::Health stored);
/// When connections are due; those that are not have no entry.
std::unordered_map<domain::Uuid, domain::Timestamp> due_times(Transaction& tx,
                                                              const std::vector<domain::Uuid>& ids);
/// Ordered by id. `ids`: only these; nothing: all of the tenant.
std::vector<ConnectionRow> load_connections(Transaction& tx,
                                            const std::optional<std::vector<domain::Uuid>>& ids);
/// Without their due times and last runs, which whoever claims them does not need.
std::vector<ConnectionRow> load_claimed(Transaction& tx, const std::vector<domain::Uuid>& ids);
/// Ordered by id; up to `query.limit`.
std::vector<ConnectionRow> load_connection_page(Transaction& tx, const domain::ports::ConnectionQuery& query);
/// Throws Failure with Errc::not_found.
ConnectionRow load_connection(Transaction& tx, const domain::Uuid& id);

}  // namespace tributary::postgres
