// Connections and their runs over REST. Credentials go in and never come out.
#pragma once

#include <functional>

#include "domain/ports/clock.hpp"
#include "domain/ports/connection_store.hpp"
#include "domain/ports/sealer.hpp"
#include "services/admin/connection_request.hpp"
#include "services/api/request_context.hpp"
#include "services/sync/providers.hpp"

namespace tributary::api {

/// Borrowed; all outlive the routes.
struct ConnectionTools {
    domain::ports::ConnectionStore& store;
    domain::ports::Sealer& sealer;
    const sync::Providers& providers;
    admin::AllowedOrigins allowed_origins;
    std::function<domain::Uuid()> new_id;
    /// Something became due: whoever runs syncs in this process should look now. Any thread.
    std::function<void()> wake;
};

class ConnectionRoutes {
  public:
    /// `clock` is borrowed like the tools.
    ConnectionRoutes(ConnectionTools tools, const domain::ports::Clock& clock);

    domain::ports::Task<domain::ports::HttpReply> list(RequestContext context);
    domain::ports::Task<domain::ports::HttpReply> object(RequestContext context);
    domain::ports::Task<domain::ports::HttpReply> create(RequestContext context);
    domain::ports::Task<domain::ports::HttpReply> remove(RequestContext context);
    domain::ports::Task<domain::ports::HttpReply> repair(RequestContext context);
    /// Back on schedule, and paused streams are walked again.
    domain::ports::Task<domain::ports::HttpReply> resume(RequestContext context);
    domain::ports::Task<domain::ports::HttpReply> sync(RequestContext context);
    domain::ports::Task<domain::ports::HttpReply> runs(RequestContext context);
    domain::ports::Task<domain::ports::HttpReply> run(RequestContext context);
    domain::ports::Task<domain::ports::HttpReply> proposal(RequestContext context);
    domain::ports::Task<domain::ports::HttpReply> decide(RequestContext context, bool approve);

  private:
    ConnectionTools tools_;
    const domain::ports::Clock& clock_;
};

}  // namespace tributary::api
