// libpq connection strings, URI or key=value.
#pragma once

#include <string>
#include <string_view>

namespace tributary::postgres {

/// Adds what every connection of ours needs where the operator did not say it: a bound on connecting (libpq
/// waits for ever by default) and a name to be seen under in pg_stat_activity.
std::string with_defaults(std::string_view url);

}  // namespace tributary::postgres
