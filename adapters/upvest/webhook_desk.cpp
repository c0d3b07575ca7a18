#include "adapters/upvest/webhook_desk.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "adapters/upvest/verify_keys.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "domain/shortened.hpp"

namespace tributary::upvest {

using domain::Errc;
using domain::Result;
using domain::ports::Task;
using domain::ports::WebhookKey;
using domain::ports::WebhookSubscription;
using domain::ports::WebhookTrial;

namespace {

/// Upvest, create a webhook: titles of up to 32 of these characters, URLs of up to 1000.
constexpr std::size_t longest_title = 32;
constexpr std::size_t longest_url = 1000;
/// Far below what our listener takes; a single event may exceed it.
constexpr std::int64_t bundle_bytes = 262'144;
/// A client with more subscriptions than this has another trouble than ours.
constexpr std::size_t most_subscriptions = 1000;

std::string text_at(const json::Value& object, std::string_view key) {
    const json::Value* value = object.find(key);
    return value != nullptr && value->if_string() != nullptr ? *value->if_string() : std::string();
}

Result<WebhookSubscription> read_subscription(const json::Value& object) {
    WebhookSubscription subscription{
        text_at(object, "id"), text_at(object, "title"), text_at(object, "url"), false, {}};
    const auto safe = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    };
    if (subscription.id.empty() || !std::ranges::all_of(subscription.id, safe)) {
        return domain::fail(Errc::contract, "Upvest answered with a subscription that has no usable id.");
    }
    const json::Value* enabled = object.find("enabled");
    subscription.enabled = enabled != nullptr && enabled->if_bool() != nullptr && *enabled->if_bool();
    const json::Value* types = object.find("type");
    if (types != nullptr && types->if_array() != nullptr) {
        for (const json::Value& type : *types->if_array()) {
            if (type.if_string() != nullptr) subscription.types.push_back(*type.if_string());
        }
    }
    return subscription;
}

Result<WebhookSubscription> read_subscription_text(const std::string& body) {
    const auto parsed = json::parse(body);
    return parsed ? read_subscription(parsed->root) : std::unexpected(parsed.error());
}

Result<std::vector<WebhookSubscription>> read_subscriptions(const std::string& body) {
    const auto parsed = json::parse(body);
    const json::Value* data = parsed ? parsed->root.find("data") : nullptr;
    if (data == nullptr || data->if_array() == nullptr) {
        return domain::fail(Errc::contract,
                            "Upvest answered a list of subscriptions without its data array.");
    }
    std::vector<WebhookSubscription> subscriptions;
    for (const json::Value& item : *data->if_array()) {
        auto subscription = read_subscription(item);
        if (!subscription) {
            return std::unexpected(std::move(subscription).error());
        }
        subscriptions.push_back(std::move(*subscription));
    }
    return subscriptions;
}

std::string usable_title(std::string_view title) {
    static constexpr std::string_view marks = " ()[]{}.-";
    std::string usable;
    for (const char c : title.substr(0, longest_title)) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        usable += plain || marks.contains(c) ? c : '-';
    }
    return usable;
}

std::string creation(const std::string& url, const std::string& title) {
    // ROLE and BUSINESS are left out: what we keep of them comes with the group.
    return json::write(
        json::Object{{"title", usable_title(title)},
                     {"url", url},
                     {"type", json::Array{"USER", "ACCOUNT_GROUP", "ACCOUNT"}},
                     {"config", json::Object{{"delay", "1s"}, {"max_package_size", bundle_bytes}}}});
}

WebhookTrial read_trial(const std::string& body) {
    constexpr std::size_t longest_failure = 200;
    WebhookTrial trial;
    const auto parsed = json::parse(body);
    const json::Value* response = parsed ? parsed->root.find("response") : nullptr;
    if (response == nullptr) {
        return trial;
    }
    trial.url = text_at(parsed->root, "url");
    trial.failure = domain::shortened(text_at(*response, "error"), longest_failure);
    // Documented as a whole number; a text like "200 OK" is read as well.
    const json::Value* status = response->find("status");
    const std::string digits = status == nullptr                ? std::string()
                               : status->if_number() != nullptr ? status->if_number()->lexeme
                                                                : text_at(*response, "status");
    std::from_chars(digits.data(), digits.data() + digits.size(), trial.status);
    return trial;
}

}  // namespace

Task<Result<std::vector<WebhookKey>>> Desk::keys() {
    const Result<std::string> body = co_await client_.get("/auth/verify_keys", Subject::list);
    co_return body ? read_verify_keys(*body) : std::unexpected(body.error());
}

Task<Result<std::vector<WebhookSubscription>>> Desk::subscriptions() {
    constexpr std::size_t page = 100;
    std::vector<WebhookSubscription> all;
    while (all.size() < most_subscriptions) {
        std::string target = "/webhooks?sort=created_at&order=ASC&offset=" + std::to_string(all.size()) +
                             "&limit=" + std::to_string(page);
        const Result<std::string> body = co_await client_.get(std::move(target), Subject::list);
        if (!body) {
            co_return std::unexpected(body.error());
        }
        Result<std::vector<WebhookSubscription>> some = read_subscriptions(*body);
        if (!some) {
            co_return some;
        }
        std::ranges::move(*some, std::back_inserter(all));
        if (some->size() < page) {
            break;
        }
    }
    co_return all;
}

Task<Result<WebhookSubscription>> Desk::subscribe(std::string url, std::string title) {
    if (url.size() > longest_url) {
        co_return domain::fail(Errc::invalid_input, "Upvest takes URLs of up to 1000 characters.");
    }
    const Result<std::vector<WebhookSubscription>> known = co_await subscriptions();
    if (!known) {
        co_return std::unexpected(known.error());
    }
    const auto same = std::ranges::find(*known, url, &WebhookSubscription::url);
    if (same != known->end() && same->enabled) {
        co_return *same;
    }
    if (same != known->end()) {
        Result<WebhookSubscription> enabled = co_await enable(same->id);
        co_return enabled;
    }
    Ask ask{"POST", "/webhooks", creation(url, title)};
    const Result<std::string> body = co_await client_.call(std::move(ask), Subject::list);
    if (!body) {
        co_return std::unexpected(body.error());
    }
    const Result<WebhookSubscription> made = read_subscription_text(*body);
    if (!made) {
        co_return made;
    }
    // Upvest, webhooks registration: a new subscription is disabled.
    Result<WebhookSubscription> enabled = co_await enable(made->id);
    co_return enabled;
}

Task<Result<WebhookSubscription>> Desk::enable(std::string id) {
    Ask ask{"PATCH", "/webhooks/" + id, json::write(json::Object{{"enabled", true}})};
    const Result<std::string> body = co_await client_.call(std::move(ask), Subject::single_object);
    co_return body ? read_subscription_text(*body) : std::unexpected(body.error());
}

Task<Result<WebhookTrial>> Desk::try_out(std::string subscription) {
    Ask ask{"POST", "/webhooks/" + subscription + "/test", {}};
    const Result<std::string> body = co_await client_.call(std::move(ask), Subject::single_object);
    co_return body ? Result<WebhookTrial>(read_trial(*body)) : std::unexpected(body.error());
}

Task<Result<void>> Desk::unsubscribe(std::string subscription) {
    Ask ask{"DELETE", "/webhooks/" + subscription, {}};
    const Result<std::string> body = co_await client_.call(std::move(ask), Subject::single_object);
    co_return body ? Result<void>() : std::unexpected(body.error());
}

}  // namespace tributary::upvest
