// Finished documents by page, as they were at one moment.
#pragma once

#include <cstdint>
#include <optional>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/read_store.hpp"

namespace tributary::postgres {

/// The present moment, or the one of this commit. Throws Failure: not_found for an unknown tenant,
/// invalid_input for a commit that is not there yet.
domain::ports::Commit moment_of(Transaction& tx, const std::optional<std::int64_t>& wanted);
/// Throws as moment_of() does.
domain::ports::DocumentPage list_documents(Transaction& tx, const domain::ports::ListQuery& query);
/// Of the columns document_id, kind, body, version, sources, removed.
domain::ports::StoredDocument document_of(const Row& row);

}  // namespace tributary::postgres
