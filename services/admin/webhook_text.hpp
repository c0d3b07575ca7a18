// Webhook events and subscriptions as the API and the command line show them. Payloads are not among the
// members.
#pragma once

#include "domain/json/value.hpp"
#include "domain/ports/webhook_store.hpp"
#include "domain/ports/webhooks.hpp"

namespace tributary::admin {

/// What arrived at a connection and what became of it.
json::Object inbox_object(const domain::Uuid& connection, const domain::ports::InboxView& inbox);
json::Object subscription_object(const domain::ports::WebhookSubscription& subscription);
json::Object trial_object(const domain::ports::WebhookTrial& trial);
/// The path that a provider delivers a connection's events to.
std::string webhook_path(const std::string& provider, const domain::Uuid& connection);

}  // namespace tributary::admin
