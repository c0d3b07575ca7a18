// Documents as a page transaction writes them, and the commit that orders them.
#pragma once

#include <span>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/page_store.hpp"

namespace tributary::postgres {

std::vector<domain::ports::DocumentState> read_documents(Transaction& tx, std::span<const domain::Uuid> ids);
/// No documents: no commit, the head as it stands. Throws Failure: stale_owner, conflict where a document is
/// no longer what `before` says, contract where one id stands twice.
domain::ports::Commit commit_documents(Transaction& tx, const domain::ports::CommitCause& cause,
                                       std::span<const domain::ports::DocumentWrite> documents);

}  // namespace tributary::postgres
