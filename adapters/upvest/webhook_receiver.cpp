#include "adapters/upvest/webhook_receiver.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "adapters/upvest/decode.hpp"
#include "adapters/upvest/verify_keys.hpp"
#include "adapters/upvest/webhook_signature.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "domain/try.hpp"

namespace tributary::upvest {

using domain::EntityKind;
using domain::Errc;
using domain::Page;
using domain::Result;
using domain::ports::HttpRequest;
using domain::ports::WebhookEvent;
using domain::ports::WebhookKey;
using domain::ports::WebhookSnapshot;
using Meaning = domain::ports::WebhookEvent::Meaning;

namespace {

/// What stands before the dot of an event's type, for the objects that we keep. Upvest, categories and types.
struct Category {
    std::string_view name;
    std::string_view stream;
    EntityKind kind;
};

constexpr std::array<Category, 3> categories = {
    {{"USER", "users", EntityKind::profile},
     {"ACCOUNT_GROUP", "account_groups", EntityKind::account_group},
     {"ACCOUNT", "accounts", EntityKind::account}}};

const Category* category_of(std::string_view type) {
    const auto found = std::ranges::find(categories, type.substr(0, type.find('.')), &Category::name);
    return found == categories.end() ? nullptr : &*found;
}

/// Upvest announces no such event, and closes instead of deleting. Should one come, only a sync can tell.
bool tells_of_removal(std::string_view type) {
    return type.ends_with(".DELETED") || type.ends_with(".REMOVED");
}

/// A text fit for a key of the store; empty where there is none.
std::string usable_text(const json::Value& object, std::string_view key) {
    constexpr std::size_t longest = 200;
    const json::Value* value = object.find(key);
    const std::string* text = value == nullptr ? nullptr : value->if_string();
    const auto printable = [](char c) { return c > 0x20 && c < 0x7f; };
    const bool usable = text != nullptr && text->size() <= longest && std::ranges::all_of(*text, printable);
    return usable ? *text : std::string();
}

std::optional<domain::Timestamp> time_at(const json::Value& object, std::string_view key) {
    const json::Value* value = object.find(key);
    return value != nullptr && value->if_string() != nullptr ? domain::parse_timestamp(*value->if_string())
                                                             : std::nullopt;
}

WebhookEvent poison(std::string payload, std::string reason) {
    WebhookEvent event;
    event.payload = std::move(payload);
    event.reason = std::move(reason);
    return event;
}

WebhookEvent read_event(const json::Value& value) {
    if (value.if_object() == nullptr) {
        return poison(json::write(value), "The event is no JSON object.");
    }
    WebhookEvent event = poison(json::write(value), "");
    event.id = usable_text(value, "id");
    event.type = usable_text(value, "type");
    event.subscription = usable_text(value, "webhook_id");
    event.created_at = time_at(value, "created_at");
    if (event.id.empty() || event.type.empty()) {
        event.reason = event.id.empty() ? "The event has no usable id." : "The event has no usable type.";
        return event;
    }
    const Category* category = category_of(event.type);
    if (category == nullptr) {
        event.meaning = Meaning::foreign;
        event.reason = "Events of this type bear on nothing that we keep.";
        return event;
    }
    const json::Value* object = value.find("object");
    if (object == nullptr || object->if_object() == nullptr) {
        event.reason = "The event carries no object.";
        return event;
    }
    event.object_id = usable_text(*object, "id");
    if (event.object_id.empty()) {
        event.reason = "The event's object has no usable id.";
        return event;
    }
    event.stream = category->stream;
    event.object_updated_at = time_at(*object, "updated_at");
    const bool orderable = event.object_updated_at.has_value();
    event.meaning = orderable && !tells_of_removal(event.type) ? Meaning::snapshot : Meaning::hint;
    if (event.meaning == Meaning::hint) {
        event.reason = orderable ? "The event tells of a removal: a run finds out."
                                 : "The event's object has no update time: a run finds out.";
    }
    return event;
}

/// A member of the object itself, not of something inside it.
bool lacks_a_member(const domain::DriftNote& note) {
    return note.kind == domain::DriftKind::missing_key && note.path.find_first_of(".[") == std::string::npos;
}

}  // namespace

Result<std::string> UpvestWebhooks::key_id(const HttpRequest& delivery) const {
    TRIBUTARY_TRY_LET(signature, read_webhook_signature(delivery));
    return signature.key_id;
}

Result<void> UpvestWebhooks::verify(const HttpRequest& delivery, const WebhookKey& key, domain::Timestamp now,
                                    std::chrono::seconds tolerance) const {
    TRIBUTARY_TRY_LET(signature, read_webhook_signature(delivery));
    TRIBUTARY_TRY_LET(verifying, verifying_key(key));
    if (signature.key_id != key.id) {
        return domain::fail(Errc::unauthenticated, "The signature names another key.");
    }
    return verify_webhook(delivery, signature, verifying, now, tolerance);
}

std::vector<WebhookEvent> UpvestWebhooks::events(std::string_view body) const {
    std::vector<WebhookEvent> events;
    if (body.empty()) {
        return events;  // what a delivery for trying holds is not documented
    }
    const auto parsed = json::parse(body);
    if (!parsed) {
        // Its bytes may be no text that can be stored.
        events.push_back(poison("null", "The delivery is no JSON."));
        return events;
    }
    const json::Value* payload = parsed->root.find("payload");
    if (payload == nullptr || payload->if_array() == nullptr) {
        events.push_back(poison(json::write(parsed->root), "The delivery has no array of events."));
        return events;
    }
    for (const json::Value& event : *payload->if_array()) {
        events.push_back(read_event(event));
    }
    return events;
}

Result<WebhookSnapshot> UpvestWebhooks::snapshot(const std::string& stream, std::string_view payload) const {
    const auto category = std::ranges::find(categories, stream, &Category::stream);
    const auto parsed = json::parse(payload);
    const json::Value* object = parsed ? parsed->root.find("object") : nullptr;
    if (category == categories.end() || object == nullptr) {
        return domain::fail(Errc::contract, "The stored event is not readable.");
    }
    Page page;
    decode_item(category->kind, *object, page);
    if (page.observations.empty() || std::ranges::any_of(page.drift, lacks_a_member)) {
        return domain::fail(Errc::contract, "The event's object is not whole: a run finds out.");
    }
    return WebhookSnapshot{std::move(page)};
}

}  // namespace tributary::upvest
