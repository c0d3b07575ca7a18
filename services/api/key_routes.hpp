// API keys over REST. A key is shown once, in the answer that makes it; nobody grants what they may not do.
#pragma once

#include <functional>

#include "domain/ports/admin_store.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/sealer.hpp"
#include "services/api/request_context.hpp"

namespace tributary::api {

/// Borrowed; all outlive the routes.
struct KeyTools {
    domain::ports::AdminStore& store;
    const domain::ports::Sealer& sealer;
    const domain::ports::Clock& clock;
    domain::ports::Random& random;
    std::function<domain::Uuid()> new_id;
    /// A key ended or is about to: who remembers it must not any more. Any thread.
    std::function<void(const domain::Uuid& key)> forget;
};

class KeyRoutes {
  public:
    explicit KeyRoutes(KeyTools tools);

    domain::ports::Task<domain::ports::HttpReply> list(RequestContext context);
    domain::ports::Task<domain::ports::HttpReply> create(RequestContext context);
    domain::ports::Task<domain::ports::HttpReply> rotate(RequestContext context);
    domain::ports::Task<domain::ports::HttpReply> revoke(RequestContext context);

  private:
    KeyTools tools_;
};

}  // namespace tributary::api
