// Finished documents by page, as they were at one moment.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/read_store.hpp"

namespace tributary::postgres {

/// Throws as moment_of() does.
domain::ports::DocumentPage list_documents(Transaction& tx, const domain::ports::ReadAt& at,
                                           const domain::ports::ListQuery& query);
/// Whether a list is nothing but the beginning of a kind, chosen by facets at most.
bool is_first_page(const domain::ports::ListQuery& query);
/// Such a list of the present, by one statement that may stand alone. Nothing where it has no documents: then
/// it does not know of what moment that is.
std::optional<domain::ports::DocumentPage> first_page(Transaction& tx, const domain::ports::ListQuery& query);
/// Of the columns document_id, kind, body, version, sources, removed, changed_at.
domain::ports::StoredDocument document_of(const Row& row);
/// What of this kind a customer's document names as what it has access to.
std::vector<domain::Uuid> targets_of(const std::string& customer, domain::EntityKind kind);

}  // namespace tributary::postgres
