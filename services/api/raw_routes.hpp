// What providers sent of an object, over REST.
#pragma once

#include "domain/kinds.hpp"
#include "domain/ports/read_store.hpp"
#include "services/api/request_context.hpp"

namespace tributary::api {

class RawRoutes {
  public:
    /// Borrowed; outlives it.
    explicit RawRoutes(domain::ports::ReadStore& store);

    /// The payloads that the document is made of, each as it is stored; the route's scope is `raw`. Nobody
    /// may keep the answer.
    domain::ports::Task<domain::ports::HttpReply> raw(RequestContext asked, domain::EntityKind kind);

  private:
    domain::ports::ReadStore& store_;
};

}  // namespace tributary::api
