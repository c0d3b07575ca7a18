// The REST API: admits a request by its head alone, then hands it to its route.
#pragma once

#include <memory>

#include "domain/ports/admin_store.hpp"
#include "domain/ports/read_store.hpp"
#include "services/api/authenticator.hpp"
#include "services/api/budget_routes.hpp"
#include "services/api/connection_routes.hpp"
#include "services/api/document_routes.hpp"
#include "services/api/review_routes.hpp"
#include "services/api/webhook_routes.hpp"

namespace tributary::api {

/// Borrowed but for the log; all outlive the API.
struct ApiTools {
    domain::ports::ReadStore& reads;
    domain::ports::AdminStore& admin;
    const domain::ports::Clock& clock;
    ConnectionTools connections;
    ReviewTools review;
    sync::Traffic& traffic;
    WebhookTools webhooks;
    refresh::Refreshing& refresher;
    std::shared_ptr<spdlog::logger> log;
};

/// Thread-safe: one handler serves every thread.
class Api final : public domain::ports::HttpHandler {
  public:
    explicit Api(ApiTools tools);

    /// Route, method, key, scope and media type, before any byte of the body is read. Leaves a RequestContext
    /// for handle().
    domain::ports::Task<std::optional<domain::ports::HttpReply>> admit(
        domain::ports::HttpRequest& head) override;
    domain::ports::Task<domain::ports::HttpReply> handle(domain::ports::HttpRequest request) override;

  private:
    domain::ports::Task<std::expected<RequestContext, domain::ports::HttpReply>> context_of(
        const domain::ports::HttpRequest& head);
    /// Who asks: a key with the route's scope, or nobody where the route asks for none.
    domain::ports::Task<std::expected<domain::ports::Principal, domain::ports::HttpReply>> principal_of(
        const domain::ports::HttpRequest& head, const Route& route, const RequestLog& log);
    domain::ports::Task<domain::ports::HttpReply> dispatch(RequestContext context);

    std::shared_ptr<spdlog::logger> log_;
    Authenticator authenticator_;
    DocumentRoutes documents_;
    BudgetRoutes budgets_;
    ConnectionRoutes connections_;
    ReviewRoutes review_;
    WebhookRoutes webhooks_;
};

}  // namespace tributary::api
