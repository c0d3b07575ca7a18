#include "services/webhooks/desk.hpp"

#include <utility>

#include "domain/try.hpp"

namespace tributary::webhooks {

using domain::Result;
using domain::ports::Task;
using domain::ports::WebhookKey;
using domain::ports::WebhookSubscription;
using domain::ports::WebhookTarget;

Result<OpenDesk> open_desk(const sync::SyncTools& tools, const WebhookTarget& target) {
    domain::ports::ClaimedRun claimed;
    claimed.tenant = target.tenant;
    claimed.connection = target.connection;
    claimed.sealed_credentials = target.sealed_credentials;
    // Somebody waits for the answer.
    claimed.run_cause = "webhook";
    TRIBUTARY_TRY_LET(opened, sync::open_session(tools, claimed));
    domain::ports::WebhookDesk* desk = opened.session->webhooks();
    if (desk == nullptr) {
        return domain::fail(domain::Errc::conflict, "This connection's provider sends no webhooks.");
    }
    return OpenDesk{std::move(opened), *desk};
}

Task<Result<Proofs>> fetch_proofs(sync::SyncTools tools, WebhookTarget target) {
    using enum domain::ConnectionStatus;
    if (target.connection.status == reauth_required || target.connection.status == disabled) {
        co_return domain::fail(domain::Errc::unauthenticated,
                               "The connection's credentials were refused: repair it.");
    }
    const Result<OpenDesk> opened = open_desk(tools, target);
    if (!opened) {
        co_return std::unexpected(opened.error());
    }
    Result<std::vector<WebhookKey>> keys = co_await opened->desk.keys();
    if (!keys) {
        co_return std::unexpected(keys.error());
    }
    const Result<std::vector<WebhookSubscription>> subscriptions = co_await opened->desk.subscriptions();
    if (!subscriptions) {
        co_return std::unexpected(subscriptions.error());
    }
    Proofs proofs{std::move(*keys), {}};
    for (const WebhookSubscription& subscription : *subscriptions) {
        proofs.subscriptions.insert(subscription.id);
    }
    co_return proofs;
}

}  // namespace tributary::webhooks
