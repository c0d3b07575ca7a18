// The REST API: admits a request by its head alone, then hands it to its route.
#pragma once

#include <memory>

#include "domain/ports/admin_store.hpp"
#include "domain/ports/read_store.hpp"
#include "services/api/action_routes.hpp"
#include "services/api/authenticator.hpp"
#include "services/api/batch_routes.hpp"
#include "services/api/budget_routes.hpp"
#include "services/api/change_routes.hpp"
#include "services/api/connection_routes.hpp"
#include "services/api/document_routes.hpp"
#include "services/api/finished_reply.hpp"
#include "services/api/identity_routes.hpp"
#include "services/api/key_routes.hpp"
#include "services/api/rate_limit.hpp"
#include "services/api/raw_routes.hpp"
#include "services/api/ready_reads.hpp"
#include "services/api/review_routes.hpp"
#include "services/api/webhook_routes.hpp"

namespace tributary::api {

/// Borrowed but for the log; all outlive the API.
struct ApiTools {
    domain::ports::ReadStore& reads;
    domain::ports::ChangeStore& changes;
    domain::ports::FeedSignal& feed;
    domain::ports::AdminStore& admin;
    const domain::ports::Clock& clock;
    ConnectionTools connections;
    ReviewTools review;
    IdentityTools identity;
    sync::Traffic& traffic;
    WebhookTools webhooks;
    ActionTools actions;
    /// Of one caller in this process; 0: no limit.
    std::size_t requests_per_minute = 0;
    refresh::Refreshing& refresher;
    std::shared_ptr<spdlog::logger> log;
    domain::ports::Random& random;
    /// nullptr where no issuer is trusted.
    domain::ports::TokenVerifier* tokens = nullptr;
    /// Of documents that were read lately.
    cache::Copies& copies;
    /// Others than the API's own are for tests, which take a scope out of one.
    std::span<const Route> routes = api::routes();
};

/// Thread-safe: one handler serves every thread.
class Api final : public domain::ports::HttpHandler {
  public:
    explicit Api(ApiTools tools);

    bool at_once(const domain::ports::RequestView& request,
                 std::unique_ptr<domain::ports::ConnectionMemory>& memory,
                 domain::ports::ReadyReply& reply) override {
        return ready_.answer(request, memory, reply);
    }

    /// Route, method, key, rate, scope and media types, before any byte of the body is read. Leaves a
    /// RequestContext for handle().
    domain::ports::Task<std::optional<domain::ports::HttpReply>> admit(
        domain::ports::HttpRequest& head) override;
    domain::ports::Task<domain::ports::HttpReply> handle(domain::ports::HttpRequest request) override;

  private:
    domain::ports::Task<std::expected<RequestContext, domain::ports::HttpReply>> context_of(
        const domain::ports::HttpRequest& head, Exchange& exchange);
    /// Who asks: a key with the route's scope that has not asked too often, or nobody where the route asks
    /// for none.
    domain::ports::Task<std::expected<domain::ports::Principal, domain::ports::HttpReply>> principal_of(
        const domain::ports::HttpRequest& head, const Route& route, const RequestLog& log,
        Exchange& exchange);
    domain::ports::Task<bool> may_still_read(std::string credentials, domain::Uuid tenant);
    /// With the present position, where the route told none: so far its reader need not look again.
    domain::ports::Task<domain::ports::HttpReply> with_position(domain::ports::HttpReply reply,
                                                                domain::Uuid tenant);
    domain::ports::Task<domain::ports::HttpReply> answer(RequestContext context,
                                                         domain::ports::HttpRequest request);
    domain::ports::Task<domain::ports::HttpReply> dispatch(RequestContext context);

    domain::ports::ReadStore& reads_;
    std::span<const Route> routes_;
    std::shared_ptr<spdlog::logger> log_;
    Authenticator authenticator_;
    RateLimits rate_limits_;
    cache::Copies& copies_;
    ReadyReads ready_;
    DocumentRoutes documents_;
    BatchRoutes batches_;
    RawRoutes raw_;
    BudgetRoutes budgets_;
    KeyRoutes keys_;
    ConnectionRoutes connections_;
    ReviewRoutes review_;
    IdentityRoutes identity_;
    ChangeRoutes changes_;
    WebhookRoutes webhooks_;
    ActionRoutes actions_;
};

}  // namespace tributary::api
