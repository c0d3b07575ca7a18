// Whose request budget a connection draws on.
#pragma once

#include "domain/json/value.hpp"
#include "domain/ports/budget_store.hpp"
#include "domain/ports/provider.hpp"
#include "domain/ports/sealer.hpp"

namespace tributary::sync {

/// Providers count requests by client, not by connection. The client is what names it in the credentials or
/// settings (`client_id`, `api_key` or `username`), so that a new secret keeps the budget; where nothing
/// names it, the credentials as a whole. Another origin is another budget. The key holds a keyed fingerprint
/// only.
domain::ports::BudgetKey budget_key_of(const domain::ports::Sealer& sealer,
                                       const domain::ports::ConnectionContext& context);

}  // namespace tributary::sync
