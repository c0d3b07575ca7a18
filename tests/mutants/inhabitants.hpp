// What ours has before theirs is made its twin: something in every table that a tenant's rows stand in.
#pragma once

#include "tests/support/database.hpp"

namespace tributary::mutants {

/// Makes both tenants and all that ours has.
void make_inhabitants(const tests::Database& database);

}  // namespace tributary::mutants
