// The schema this program carries, and how a database gets it. Blocking; for the command line.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"

namespace tributary::postgres {

struct Migration {
    int version = 0;
    /// File name without its extension.
    std::string_view name;
    /// SHA-256 of the file, 64 hex digits.
    std::string_view checksum;
    std::string_view sql;
};

/// In order, numbered from 1 without gaps.
std::span<const Migration> embedded_migrations();

/// Applies what is missing and returns the names; none where the schema is up to date. Several at once apply
/// once: each file is one transaction under an advisory lock that ends with it. Errc::configuration where the
/// database is newer than this program, was made from edited files, holds what its ledger does not tell of,
/// or is not in UTF-8, or where row-level security does not hold our role; unavailable, timed_out.
domain::Result<std::vector<std::string>> migrate(const std::string& url);
domain::Result<std::vector<std::string>> migrate(const std::string& url,
                                                 std::span<const Migration> migrations);

}  // namespace tributary::postgres
