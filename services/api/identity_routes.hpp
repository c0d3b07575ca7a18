// What operators decide about who is the same person, and why a customer says what it says, over REST.
#pragma once

#include <functional>

#include "domain/ports/explain_store.hpp"
#include "domain/ports/page_store.hpp"
#include "domain/ports/read_store.hpp"
#include "domain/ports/sealer.hpp"
#include "services/api/request_context.hpp"
#include "services/sync/providers.hpp"
#include "services/view/link_decision.hpp"

namespace tributary::api {

/// Borrowed but for the function; all outlive the routes.
struct IdentityTools {
    domain::ports::PageStore& pages;
    domain::ports::ExplainStore& explanations;
    domain::ports::ReadStore& reads;
    const domain::ports::Sealer& sealer;
    const sync::Providers& providers;
    /// Ids in the order of time, which name decisions in the commits that they make.
    std::function<domain::Uuid()> new_id;
};

class IdentityRoutes {
  public:
    explicit IdentityRoutes(IdentityTools tools);

    /// About the link that the path names.
    domain::ports::Task<domain::ports::HttpReply> decide(RequestContext context, domain::LinkVerb verb);
    /// About the two profiles that the body names.
    domain::ports::Task<domain::ports::HttpReply> link(RequestContext context);
    domain::ports::Task<domain::ports::HttpReply> explain(RequestContext asked);

  private:
    domain::ports::Task<domain::ports::HttpReply> carry_out(RequestContext context, view::LinkOrder order);

    IdentityTools tools_;
};

}  // namespace tributary::api
