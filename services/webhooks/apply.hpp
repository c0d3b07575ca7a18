// Turns stored events of one connection into committed pages, under a lease that the caller holds.
#pragma once

#include <functional>
#include <memory>

#include "domain/ports/page_store.hpp"
#include "domain/ports/sealer.hpp"
#include "domain/ports/webhook_store.hpp"
#include "services/sync/providers.hpp"

namespace spdlog {
class logger;
}

namespace tributary::webhooks {

/// Borrowed; all outlive the applying.
struct ApplyTools {
    domain::ports::WebhookStore& store;
    domain::ports::PageStore& pages;
    const domain::ports::Sealer& sealer;
    const sync::Providers& providers;
    std::function<domain::Uuid()> new_id;
    std::shared_ptr<spdlog::logger> log;
};

/// Applies up to 200 waiting events, each stream's as one page; returns how many were settled. An event that
/// cannot be committed at all becomes poison and costs no other. Errc::stale_owner where the lease went to
/// another owner; then and at every other error what was not settled waits on.
domain::ports::Task<domain::Result<std::size_t>> apply_events(const ApplyTools& tools,
                                                              domain::ports::ClaimedInbox inbox);

}  // namespace tributary::webhooks
