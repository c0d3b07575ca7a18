// How much a provider may still be asked, over REST.
#pragma once

#include "domain/json/value.hpp"
#include "services/api/request_context.hpp"
#include "services/sync/guarded_transport.hpp"
#include "services/sync/providers.hpp"

namespace tributary::api {

/// One budget as the API shows it: named by the connections that draw on it, never by what they prove
/// themselves with. `breakers` is what this process knows; the rest is shared by all.
json::Object budget_object(const domain::ports::BudgetView& budget, const sync::Hosts& hosts);

class BudgetRoutes {
  public:
    /// Both are borrowed and outlive the routes.
    BudgetRoutes(sync::Traffic& traffic, const sync::Providers& providers);

    /// The budgets of this tenant's credentials at one provider; 404 for a provider this program does not
    /// know.
    domain::ports::Task<domain::ports::HttpReply> budget(RequestContext context);

  private:
    sync::Traffic& traffic_;
    const sync::Providers& providers_;
};

}  // namespace tributary::api
