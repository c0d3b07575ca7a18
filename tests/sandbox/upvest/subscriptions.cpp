#include "tests/sandbox/upvest/subscriptions.hpp"

#include <algorithm>
#include <array>
#include <regex>
#include <utility>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "tests/sandbox/face/form.hpp"
#include "tests/sandbox/face/reply.hpp"
#include "tests/sandbox/face/route.hpp"
#include "tests/sandbox/upvest/problem.hpp"

namespace tributary::sandbox {

namespace {

/// Those of Upvest's categories that a test may want, and ALL.
constexpr std::array<std::string_view, 10> categories{"ALL",           "BUSINESS",    "ROLE",     "USER",
                                                      "USER_CHECK",    "ORDER",       "POSITION", "ACCOUNT",
                                                      "ACCOUNT_GROUP", "CASH_BALANCE"};

const std::string* string_at(const json::Object& object, std::string_view key) {
    const json::Value* value = json::find(object, key);
    return value == nullptr ? nullptr : value->if_string();
}

bool good_types(const json::Value* types) {
    if (types == nullptr) return true;
    return types->if_array() != nullptr && !types->if_array()->empty() &&
           std::ranges::all_of(*types->if_array(), [](const json::Value& type) {
               return type.if_string() != nullptr &&
                      std::ranges::find(categories, *type.if_string()) != categories.end();
           });
}

bool good_config(const json::Value* config) {
    static const std::regex delay_form("([1-9]|[12][0-9]|30)s");
    if (config == nullptr) return true;
    if (config->if_object() == nullptr) return false;
    const std::string* delay = string_at(*config->if_object(), "delay");
    const json::Value* size = config->find("max_package_size");
    const auto bytes = size != nullptr && size->if_number() != nullptr
                           ? parse_count(size->if_number()->lexeme)
                           : std::nullopt;
    return (delay == nullptr || std::regex_match(*delay, delay_form)) &&
           (size == nullptr || (bytes && *bytes >= 100 && *bytes <= 1'048'576));
}

/// What is wrong with members that a client sets; nothing where all is well.
std::optional<std::string> fault_of(const json::Object& object) {
    static const std::regex title_form(R"re([a-zA-Z0-9 ()\[\]{}.-]{1,32})re");
    for (const json::Entry& entry : object) {
        static constexpr std::array<std::string_view, 6> known{"title",        "url",    "type",
                                                               "exclude_type", "config", "enabled"};
        if (std::ranges::find(known, entry.key) == known.end()) return "unknown member";
    }
    const std::string* title = string_at(object, "title");
    const std::string* url = string_at(object, "url");
    if (json::find(object, "title") != nullptr &&
        (title == nullptr || !std::regex_match(*title, title_form))) {
        return "title";
    }
    const bool good_url =
        url != nullptr && url->size() <= 1000 && (url->starts_with("https://") || loopback_path(*url));
    if (json::find(object, "url") != nullptr && !good_url) return "url";
    if (!good_types(json::find(object, "type"))) return "type";
    if (!good_config(json::find(object, "config"))) return "config";
    const json::Value* enabled = json::find(object, "enabled");
    return enabled != nullptr && enabled->if_bool() == nullptr ? std::optional<std::string>("enabled")
                                                               : std::nullopt;
}

HttpReply invalid(const HttpRequest& request, const std::string& what) {
    return upvest_problem(request, 400, "invalid_request", "The subscription is not valid: " + what + ".");
}

std::optional<json::Object> object_in(const HttpRequest& request) {
    const auto parsed = json::parse(request.body);
    if (!parsed || parsed->root.if_object() == nullptr) return std::nullopt;
    return *parsed->root.if_object();
}

}  // namespace

std::optional<std::string> loopback_path(std::string_view url) {
    constexpr std::string_view opening = "http://127.0.0.1:";
    if (!url.starts_with(opening)) return std::nullopt;
    const std::size_t slash = url.find('/', opening.size());
    const std::string_view port = url.substr(opening.size(), slash - opening.size());
    if (!parse_count(port)) return std::nullopt;
    return slash == std::string_view::npos ? "/" : std::string(url.substr(slash));
}

HttpReply Subscriptions::answer(const HttpRequest& request, const UpvestClient& client,
                                WebhookSigner& signer) {
    if (request.path == "/webhooks") {
        return request.method == "GET" ? list(request, client) : create(request, client);
    }
    const bool trial = request.path.ends_with("/test");
    const auto ids = match_route(trial ? "/webhooks/{id}/test" : "/webhooks/{id}", request.path);
    const auto found = ids ? by_id_.find(ids->front()) : by_id_.end();
    if (found == by_id_.end() || found->second.client != client.name) {
        return upvest_problem(request, 404, "not_found", "The resource was not found.");
    }
    if (trial && request.method == "POST") return try_out(found->second, signer);
    if (!trial && request.method == "GET") return json_reply(200, found->second.object);
    if (!trial && request.method == "PATCH") return change(request, found->second);
    if (!trial && request.method == "DELETE") {
        by_id_.erase(found);
        return HttpReply{.status = 204};
    }
    return upvest_problem(request, 404, "not_found", "The resource was not found.");
}

HttpReply Subscriptions::list(const HttpRequest& request, const UpvestClient& client) const {
    const auto form = Form::parse(request.query);
    const auto offset = form ? parse_count(form->find("offset").value_or("0")) : std::nullopt;
    const auto limit = form ? parse_count(form->find("limit").value_or("100")) : std::nullopt;
    if (!offset || !limit || *limit < 1 || *limit > 1000) return invalid(request, "a list parameter");
    json::Array data;
    std::size_t total = 0;
    for (const auto& [id, subscription] : by_id_) {
        if (subscription.client != client.name) continue;
        if (total >= *offset && data.size() < *limit) data.emplace_back(subscription.object);
        ++total;
    }
    const std::size_t count = data.size();
    return json_reply(
        200,
        json::Object{
            {"meta",
             json::Object{{"offset", *offset}, {"limit", *limit}, {"count", count}, {"total_count", total}}},
            {"data", std::move(data)}});
}

HttpReply Subscriptions::create(const HttpRequest& request, const UpvestClient& client) {
    const auto given = object_in(request);
    if (!given || string_at(*given, "title") == nullptr || string_at(*given, "url") == nullptr) {
        return invalid(request, "title and url are required");
    }
    if (const auto fault = fault_of(*given)) return invalid(request, *fault);
    const std::string id = rng_.uuid();
    const std::string now = domain::to_text(clock_.now());
    json::Object object{{"id", id}, {"created_at", now}, {"updated_at", now}};
    for (const json::Entry& entry : *given) {
        json::set(object, entry.key, entry.value);
    }
    if (json::find(object, "type") == nullptr) json::set(object, "type", json::Array{"ALL"});
    json::set(object, "enabled", false);
    by_id_[id] = {client.name, object};
    return json_reply(201, object);
}

HttpReply Subscriptions::change(const HttpRequest& request, Subscription& subscription) const {
    const auto given = object_in(request);
    const auto fault = given ? fault_of(*given) : std::optional<std::string>("no object");
    if (fault) return invalid(request, *fault);
    for (const json::Entry& entry : *given) {
        json::set(subscription.object, entry.key, entry.value);
    }
    json::set(subscription.object, "updated_at", domain::to_text(clock_.now()));
    return json_reply(200, subscription.object);
}

HttpReply Subscriptions::try_out(const Subscription& subscription, WebhookSigner& signer) {
    const std::string url = *string_at(subscription.object, "url");
    const auto conclude = [url](int status, const std::string& body) {
        json::Object response{{"status", status}, {"headers", json::Object{}}, {"body", body}};
        if (status == 0) json::set(response, "error", "connection refused");
        return json_reply(200, json::Object{{"url", url}, {"response", std::move(response)}});
    };
    const auto path = loopback_path(url);
    if (!path) return conclude(0, "");
    errand_ = Errand{url, signer.signed_delivery(*path, R"({"payload":[]})"), conclude};
    return json_reply(200, json::Object{});
}

std::optional<Errand> Subscriptions::take_errand() {
    return std::exchange(errand_, std::nullopt);
}

std::string Subscriptions::enabled_url(const std::string& client) const {
    for (const auto& [id, subscription] : by_id_) {
        const json::Value* enabled = json::find(subscription.object, "enabled");
        if (subscription.client == client && *enabled->if_bool()) {
            return *string_at(subscription.object, "url");
        }
    }
    return {};
}

std::string Subscriptions::id_of(const std::string& url, const std::string& client) const {
    for (const auto& [id, subscription] : by_id_) {
        const bool theirs = client.empty() || subscription.client == client;
        if (theirs && *string_at(subscription.object, "url") == url) {
            return id;
        }
    }
    return {};
}

}  // namespace tributary::sandbox
