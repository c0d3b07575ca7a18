// What changed since somebody looked last.
#pragma once

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/news_store.hpp"

namespace tributary::postgres {

/// Of the transaction's tenant, which must be a snapshot's.
domain::ports::News read_news(Transaction& tx, const domain::ports::NewsQuery& query);

}  // namespace tributary::postgres
