#include "services/api/webhook_routes.hpp"

#include <utility>

#include "domain/json/write.hpp"
#include "services/admin/webhook_text.hpp"

namespace tributary::api {

using domain::Errc;
using domain::Result;
using domain::ports::HttpReply;
using domain::ports::HttpRequest;
using domain::ports::InboxReceipt;
using domain::ports::InboxView;
using domain::ports::Task;

namespace {

/// One answer for everything that is not proved: a stranger learns neither what was wrong nor which
/// connections exist.
HttpReply refusal_of(const RequestLog& log, const domain::Error& error) {
    switch (error.code) {
        case Errc::invalid_input:
            return problem(400, "malformed_delivery", "The request is no signed delivery.");
        case Errc::unauthenticated:
            return problem(401, "unverified_delivery", "The delivery could not be verified.");
        default:
            return problem_of(log, error);
    }
}

}  // namespace

std::optional<HttpReply> WebhookRoutes::refusal(const RequestContext& context,
                                                const HttpRequest& head) const {
    const Result<void> admitted = tools_.deliveries.admit(context.provider, head);
    return admitted ? std::nullopt : std::optional(refusal_of(context.log, admitted.error()));
}

Task<HttpReply> WebhookRoutes::receive(RequestContext context, HttpRequest request) {
    webhooks::DeliveryAddress address{context.provider, context.id};
    const Result<InboxReceipt> receipt =
        co_await tools_.deliveries.take(std::move(address), std::move(request));
    co_return receipt ? HttpReply{} : refusal_of(context.log, receipt.error());
}

Task<HttpReply> WebhookRoutes::inbox(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return no_such_object();
    }
    const Result<InboxView> view = co_await tools_.store.inbox(context.principal.tenant, *id);
    co_return view ? json_reply(json::write(admin::inbox_object(*id, *view)))
                   : problem_of(context.log, view.error());
}

}  // namespace tributary::api
