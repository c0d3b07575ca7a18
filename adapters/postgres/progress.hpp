// What a page says about its run and its connection.
#pragma once

#include <string>

#include "adapters/postgres/transaction.hpp"
#include "domain/observation.hpp"

namespace tributary::postgres {

void save_progress(Transaction& tx, const domain::Uuid& run_id, const std::string& counts,
                   const std::string& resume);
void assign_self(Transaction& tx, const domain::Uuid& connection_id, const domain::SelfIds& self);

}  // namespace tributary::postgres
