#include "services/admin/webhook_text.hpp"

#include <utility>

namespace tributary::admin {

namespace {

json::Value time_or_null(const std::optional<domain::Timestamp>& at) {
    return at ? json::Value(domain::to_text(*at)) : json::Value();
}

}  // namespace

json::Object inbox_object(const domain::Uuid& connection, const domain::ports::InboxView& inbox) {
    json::Array poison;
    for (const domain::ports::InboxView::Poison& event : inbox.poisoned) {
        poison.emplace_back(json::Object{{"event_id", event.event_id},
                                         {"type", event.type},
                                         {"reason", event.reason},
                                         {"received_at", domain::to_text(event.received_at)}});
    }
    return {{"connection_id", to_text(connection)},
            {"waiting", inbox.waiting},
            {"applied", inbox.applied},
            {"stale", inbox.stale},
            {"ignored", inbox.ignored},
            {"hints", inbox.hints},
            {"poison", inbox.poison},
            {"last_received_at", time_or_null(inbox.last_received_at)},
            {"oldest_waiting_at", time_or_null(inbox.oldest_waiting_at)},
            {"poisoned", std::move(poison)}};
}

json::Object subscription_object(const domain::ports::WebhookSubscription& subscription) {
    json::Array types;
    for (const std::string& type : subscription.types) {
        types.emplace_back(type);
    }
    return {{"id", subscription.id},
            {"title", subscription.title},
            {"url", subscription.url},
            {"enabled", subscription.enabled},
            {"types", std::move(types)}};
}

json::Object trial_object(const domain::ports::WebhookTrial& trial) {
    return {{"url", trial.url}, {"status", trial.status}, {"failure", trial.failure}};
}

std::string webhook_path(const std::string& provider, const domain::Uuid& connection) {
    return "/v1/webhooks/" + provider + "/" + to_text(connection);
}

}  // namespace tributary::admin
