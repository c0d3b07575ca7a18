// Many documents by their ids at once.
#pragma once

#include "domain/ports/read_store.hpp"
#include "services/api/request_context.hpp"

namespace tributary::api {

class BatchRoutes {
  public:
    /// The store is borrowed and outlives it.
    explicit BatchRoutes(domain::ports::ReadStore& store) : store_(store) {}

    /// Up to 1000 objects by their ids, all or none.
    domain::ports::Task<domain::ports::HttpReply> get(RequestContext context, domain::EntityKind kind);

  private:
    domain::ports::ReadStore& store_;
};

}  // namespace tributary::api
