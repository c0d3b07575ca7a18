// What a provider that sends webhooks fills besides ports/provider.hpp: how its deliveries prove themselves,
// what events they hold, and how its subscriptions are managed.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "domain/observation.hpp"
#include "domain/ports/http.hpp"
#include "domain/ports/task.hpp"
#include "domain/time.hpp"

namespace tributary::domain::ports {

/// A public key that a provider signs its deliveries with.
struct WebhookKey {
    /// The provider's own name of it.
    std::string id;
    /// In the adapter's own form.
    std::string material;
};

/// What a delivery says of one object.
struct WebhookEvent {
    enum class Meaning {
        snapshot,  ///< `object` is the whole object as it was then
        hint,      ///< something happened to the object that only a sync can tell
        foreign,   ///< about nothing that we keep
        poison,    ///< unusable; `reason` says why
    };

    Meaning meaning = Meaning::poison;
    /// The provider's own id of the event; empty only of poison. Printable and bounded, like the three below.
    std::string id;
    std::string type;
    /// The stream in which the object stands, and its key there; both empty where the event is foreign or
    /// poison.
    std::string stream;
    std::string object_id;
    /// When the provider says the object and the event came to be as they are.
    std::optional<Timestamp> object_updated_at;
    std::optional<Timestamp> created_at;
    std::string reason;
    /// The provider's id of the subscription that the event was sent for; empty where it names none.
    std::string subscription;
    /// JSON text: the event as it was sent.
    std::string payload;
};

/// The object of an event as a page of its stream would have brought it.
struct WebhookSnapshot {
    Page page;
    /// That of the stream's facts.
    int fullness = 0;
};

/// How a provider's deliveries are read. Pure; one object serves all threads.
class WebhookReceiver {
  public:
    virtual ~WebhookReceiver() = default;
    /// The id of the key that a delivery says it was signed with. Errc::invalid_input where the request is no
    /// delivery of this provider's at all: fields missing, repeated or malformed.
    [[nodiscard]] virtual Result<std::string> key_id(const HttpRequest& delivery) const = 0;
    /// Whether the provider sent this delivery, unaltered, to this very path, at a time from which `now`
    /// differs by no more than `tolerance`. Errc::unauthenticated otherwise; the detail is for the log alone.
    [[nodiscard]] virtual Result<void> verify(const HttpRequest& delivery, const WebhookKey& key,
                                              Timestamp now, std::chrono::seconds tolerance) const = 0;
    /// The events of a delivery that was verified. Never fails: what cannot be read is poison.
    [[nodiscard]] virtual std::vector<WebhookEvent> events(std::string_view body) const = 0;
    /// The object of a stored event, decoded exactly as fetch() decodes it in a page of its stream.
    /// Errc::contract where it is not whole, so that committing it would take away what a page gave.
    [[nodiscard]] virtual Result<WebhookSnapshot> snapshot(const std::string& stream,
                                                           std::string_view payload) const = 0;
};

/// Where a provider sends deliveries to.
struct WebhookSubscription {
    std::string id;
    std::string title;
    std::string url;
    bool enabled = false;
    std::vector<std::string> types;
};

/// How a delivery made for trying went, as the provider tells it.
struct WebhookTrial {
    std::string url;
    /// What our side answered; 0 where nothing did.
    int status = 0;
    /// Why nothing did, in the provider's words, shortened.
    std::string failure;
};

/// A session's calls about webhooks. Lives as long as the session; its tasks as the session's.
class WebhookDesk {
  public:
    virtual ~WebhookDesk() = default;
    /// All keys with which deliveries may be signed at present.
    virtual Task<Result<std::vector<WebhookKey>>> keys() = 0;
    virtual Task<Result<std::vector<WebhookSubscription>>> subscriptions() = 0;
    /// Makes an enabled subscription for the events that bear on our streams. Where one for this URL exists,
    /// that one is enabled and returned.
    virtual Task<Result<WebhookSubscription>> subscribe(std::string url, std::string title) = 0;
    /// Asks the provider for a delivery now.
    virtual Task<Result<WebhookTrial>> try_out(std::string subscription) = 0;
    virtual Task<Result<void>> unsubscribe(std::string subscription) = 0;
};

}  // namespace tributary::domain::ports
