// The inbox of webhook events over a pool.
#pragma once

#include <memory>

#include "adapters/postgres/pool.hpp"
#include "domain/ports/webhook_store.hpp"

namespace tributary::postgres {

/// Borrows the pool, which outlives it.
std::unique_ptr<domain::ports::WebhookStore> make_webhook_store(Pool& pool);

}  // namespace tributary::postgres
