// libpq connection strings, URI or key=value.
#pragma once

#include <string>
#include <string_view>

#include "domain/error.hpp"

namespace tributary::postgres {

/// Errc::configuration where `url` cannot be what libpq connects with: no connection string, an unknown
/// option, a port that is none. `setting` is its name for the detail, which quotes nothing of the url: any
/// part of a broken one may be its password.
domain::Result<void> check_conninfo(std::string_view setting, const std::string& url);

/// Adds what every connection of ours needs where the operator did not say it: a bound on connecting (libpq
/// waits for ever by default) and a name to be seen under in pg_stat_activity.
std::string with_defaults(std::string_view url);

}  // namespace tributary::postgres
