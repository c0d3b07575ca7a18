#include "tests/sandbox/control/webhook_control.hpp"

#include <utility>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "tests/sandbox/face/reply.hpp"

namespace tributary::sandbox {

namespace {

HttpReply refusal(std::string sentence) {
    return json_reply(400, json::Object{{"error", std::move(sentence)}});
}

std::string text_at(const json::Value& object, std::string_view key) {
    const json::Value* value = object.find(key);
    return value != nullptr && value->if_string() != nullptr ? *value->if_string() : std::string();
}

bool flag_at(const json::Value& object, std::string_view key, bool otherwise) {
    const json::Value* value = object.find(key);
    return value != nullptr && value->if_bool() != nullptr ? *value->if_bool() : otherwise;
}

/// {"type", "kind", "id"} as the event that Upvest would send of the object as it stands; any other object
/// with the subscription that it is sent for; anything else as it is.
json::Value completed(const json::Value& event, const World& world, const std::string& subscription, Rng& rng,
                      domain::Timestamp now) {
    if (event.if_object() == nullptr) return event;
    const auto kind = find_kind("upvest", text_at(event, "kind"));
    const Item* item = kind ? world.of(*kind).find(text_at(event, "id")) : nullptr;
    if (item == nullptr) {
        json::Object named = *event.if_object();
        if (json::find(named, "webhook_id") == nullptr) json::set(named, "webhook_id", subscription);
        return named;
    }
    return json::Object{{"id", rng.uuid()},
                        {"created_at", domain::to_text(now)},
                        {"type", text_at(event, "type")},
                        {"object", object_of(*item)},
                        {"webhook_id", subscription}};
}

json::Object described(const HttpRequest& delivery) {
    json::Object fields;
    for (const auto& [name, value] : delivery.fields) {
        json::set(fields, name, value);
    }
    return {{"method", delivery.method},
            {"path", delivery.path},
            {"headers", std::move(fields)},
            {"body", delivery.body}};
}

}  // namespace

Exchange control_webhooks(const HttpRequest& request, const World& world, UpvestFace& upvest, Rng& rng,
                          domain::Timestamp now) {
    const auto parsed = json::parse(request.body);
    if (!parsed || parsed->root.if_object() == nullptr) return {.reply = refusal("Send a JSON object.")};
    const json::Value& order = parsed->root;
    if (request.path == "/webhooks/keys") {
        upvest.signer().rotate(flag_at(order, "keep_former", true));
        return {.reply = json_reply(200, upvest.signer().key_set())};
    }
    std::string url = text_at(order, "url");
    const std::string client = text_at(order, "client");
    if (url.empty()) url = upvest.subscriptions().enabled_url(client);
    const auto path = loopback_path(url);
    if (!path)
        return {.reply = refusal("There is no url on loopback, and no enabled subscription of the client.")};
    std::string body = text_at(order, "body");
    if (const json::Value* events = order.find("events");
        events != nullptr && events->if_array() != nullptr) {
        std::string subscription = upvest.subscriptions().id_of(url, client);
        // Whoever has none there stands for a client that this sandbox does not know.
        if (subscription.empty()) subscription = rng.uuid();
        json::Array payload;
        for (const json::Value& event : *events->if_array()) {
            payload.push_back(completed(event, world, subscription, rng, now));
        }
        body = json::write(json::Object{{"payload", std::move(payload)}});
    }
    HttpRequest delivery = upvest.signer().signed_delivery(*path, std::move(body));
    json::Object sent = described(delivery);
    if (!flag_at(order, "deliver", true)) return {.reply = json_reply(200, sent)};
    Exchange exchange;
    exchange.errand = Errand{url, std::move(delivery), [sent](int status, const std::string& answer) {
                                 json::Object outcome = sent;
                                 json::set(outcome, "status", status);
                                 json::set(outcome, "answer", answer);
                                 return json_reply(200, outcome);
                             }};
    return exchange;
}

}  // namespace tributary::sandbox
