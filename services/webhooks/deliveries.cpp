#include "services/webhooks/deliveries.hpp"

#include <spdlog/logger.h>

#include <utility>

#include "domain/content_hash.hpp"

namespace tributary::webhooks {

using domain::Errc;
using domain::Result;
using domain::ports::HttpRequest;
using domain::ports::InboxEvent;
using domain::ports::InboxReceipt;
using domain::ports::Task;
using domain::ports::WebhookEvent;
using domain::ports::WebhookKey;
using domain::ports::WebhookReceiver;
using domain::ports::WebhookTarget;
using Meaning = domain::ports::WebhookEvent::Meaning;

namespace {

const WebhookReceiver* receiver_of(const sync::Providers& providers, const std::string& provider) {
    const domain::ports::Provider* found = providers.find(provider);
    return found == nullptr ? nullptr : found->webhooks();
}

auto unproved() {
    return domain::fail(Errc::unauthenticated, "The delivery could not be verified.");
}

}  // namespace

InboxEvent stored_form(WebhookEvent event, domain::Timestamp now) {
    InboxEvent stored;
    stored.content_hash = domain::content_hash(event.payload);
    stored.id = event.id.empty() ? "sha256:" + stored.content_hash : std::move(event.id);
    stored.type = std::move(event.type);
    stored.created_at = event.created_at;
    stored.happened_at = event.object_updated_at.value_or(event.created_at.value_or(now));
    stored.reason = std::move(event.reason);
    stored.payload = std::move(event.payload);
    switch (event.meaning) {
        case Meaning::snapshot:
        case Meaning::hint:
            stored.state = event.meaning == Meaning::hint ? "hint" : "waiting";
            stored.stream = std::move(event.stream);
            stored.object_id = std::move(event.object_id);
            break;
        case Meaning::foreign:
            stored.state = "ignored";
            break;
        case Meaning::poison:
            stored.state = "poison";
            break;
    }
    // What nobody reads again may hold personal data for nothing.
    if (stored.state == "ignored" || stored.state == "hint") {
        stored.payload = "null";
    }
    return stored;
}

InboxEvent disowned_form(WebhookEvent event, domain::Timestamp now) {
    if (!event.subscription.empty()) {
        event.reason = "The event belongs to a subscription that is not this connection's.";
    } else if (event.meaning != Meaning::poison) {
        event.reason = "The event names no subscription.";
    }
    event.meaning = Meaning::poison;
    event.id.clear();
    InboxEvent stored = stored_form(std::move(event), now);
    stored.payload = "null";
    return stored;
}

Result<void> Deliveries::admit(const std::string& provider, const HttpRequest& head) const {
    const WebhookReceiver* receiver = receiver_of(tools_.providers, provider);
    if (receiver == nullptr) {
        return unproved();
    }
    const Result<std::string> key_id = receiver->key_id(head);
    return key_id ? Result<void>() : std::unexpected(key_id.error());
}

Task<Result<WebhookTarget>> Deliveries::prove(const DeliveryAddress& address,
                                              const HttpRequest& delivery) const {
    const WebhookReceiver* receiver = receiver_of(tools_.providers, address.provider);
    const auto connection = domain::parse_uuid(address.connection);
    if (receiver == nullptr || !connection) {
        co_return unproved();
    }
    const Result<std::string> key_id = receiver->key_id(delivery);
    if (!key_id) {
        co_return std::unexpected(key_id.error());
    }
    Result<WebhookTarget> target = co_await tools_.store.webhook_target(*connection);
    if (!target && target.error().code != Errc::not_found) {
        co_return target;
    }
    if (!target || target->connection.provider != address.provider) {
        co_return unproved();
    }
    const std::optional<WebhookKey> key = co_await tools_.keys.find(*target, *key_id);
    const Result<void> verified =
        key ? receiver->verify(delivery, *key, tools_.clock.now(), tools_.tolerance)
            : domain::fail(Errc::unauthenticated,
                           "The provider has no key of the id that the signature names.");
    if (!verified) {
        tools_.log->info("a delivery was refused connection={} why=\"{}\"", to_text(*connection),
                         verified.error().detail);
        co_return unproved();
    }
    co_return target;
}

Task<Result<std::vector<InboxEvent>>> Deliveries::sorted(WebhookTarget target,
                                                         std::vector<WebhookEvent> events) const {
    const domain::Timestamp now = tools_.clock.now();
    std::vector<InboxEvent> stored;
    for (WebhookEvent& event : events) {
        Result<bool> ours = false;
        if (!event.subscription.empty()) {
            ours = co_await tools_.keys.subscribed(target, event.subscription);
        }
        if (!ours) {
            tools_.log->info("a delivery was refused connection={} why=\"{}\"", to_text(target.connection.id),
                             ours.error().detail);
            co_return unproved();
        }
        stored.push_back(*ours ? stored_form(std::move(event), now) : disowned_form(std::move(event), now));
    }
    co_return stored;
}

Task<Result<InboxReceipt>> Deliveries::take(DeliveryAddress address, HttpRequest delivery) const {
    const Result<WebhookTarget> target = co_await prove(address, delivery);
    if (!target) {
        co_return std::unexpected(target.error());
    }
    const WebhookReceiver& receiver = *receiver_of(tools_.providers, address.provider);
    Result<std::vector<InboxEvent>> events = co_await sorted(*target, receiver.events(delivery.body));
    if (!events) {
        co_return std::unexpected(events.error());
    }
    if (events->empty()) {
        co_return InboxReceipt{};
    }
    Result<InboxReceipt> receipt =
        co_await tools_.store.receive_events(target->tenant, target->connection.id, std::move(*events));
    if (receipt) {
        tools_.wake();
        tools_.log->info("a delivery was stored connection={} new={} repeated={} contradicted={}",
                         to_text(target->connection.id), receipt->stored, receipt->repeated,
                         receipt->contradicted);
    }
    co_return receipt;
}

}  // namespace tributary::webhooks
