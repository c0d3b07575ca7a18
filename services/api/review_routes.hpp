// What operators look at and decide about: drift and quarantine over REST.
#pragma once

#include <functional>

#include "domain/ports/clock.hpp"
#include "domain/ports/drift_store.hpp"
#include "services/api/request_context.hpp"
#include "services/sync/reprocess.hpp"

namespace tributary::api {

/// Borrowed; both outlive the routes.
struct ReviewTools {
    domain::ports::DriftStore& drift;
    sync::ReprocessTools reprocess;
};

class ReviewRoutes {
  public:
    /// `clock` is borrowed like the tools.
    ReviewRoutes(ReviewTools tools, const domain::ports::Clock& clock);

    domain::ports::Task<domain::ports::HttpReply> drift(RequestContext context);
    domain::ports::Task<domain::ports::HttpReply> accept(RequestContext context);
    domain::ports::Task<domain::ports::HttpReply> quarantine(RequestContext context);
    /// With its payload; the route's scope is `raw`.
    domain::ports::Task<domain::ports::HttpReply> quarantined(RequestContext context);
    domain::ports::Task<domain::ports::HttpReply> reprocess(RequestContext context) const;

  private:
    ReviewTools tools_;
    const domain::ports::Clock& clock_;
};

}  // namespace tributary::api
