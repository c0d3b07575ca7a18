// The feed as this process reads it out: what it tells is known here before it is told.
#pragma once

#include "domain/ports/change_store.hpp"
#include "services/cache/copies.hpp"

namespace tributary::cache {

/// Whoever saw a change in the feed is not answered from an older copy afterwards.
class ToldChanges final : public domain::ports::ChangeStore {
  public:
    /// Both are borrowed and outlive it.
    ToldChanges(domain::ports::ChangeStore& store, Copies& copies) : store_(store), copies_(copies) {}

    domain::ports::Task<domain::Result<domain::ports::ChangePage>> changes(
        domain::Uuid tenant, domain::ports::ChangeQuery query) override {
        auto page = co_await store_.changes(tenant, std::move(query));
        if (page) copies_.told(tenant, page->next);
        co_return page;
    }

  private:
    domain::ports::ChangeStore& store_;
    Copies& copies_;
};

}  // namespace tributary::cache
