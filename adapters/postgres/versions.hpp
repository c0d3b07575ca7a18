// Every version of the records of a stream with its payload, for decoding them again.
#pragma once

#include <string>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/replay_store.hpp"

namespace tributary::postgres {

std::vector<std::string> read_version_streams(Transaction& tx, const domain::Uuid& connection_id);
std::vector<domain::ports::StoredVersion> read_present_versions(Transaction& tx,
                                                                const domain::ports::VersionQuery& query);
std::vector<domain::ports::StoredVersion> read_past_versions(Transaction& tx,
                                                             const domain::ports::VersionQuery& query);

}  // namespace tributary::postgres
