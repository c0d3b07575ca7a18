#include "tests/sandbox/upvest/upvest_face.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "tests/sandbox/face/reply.hpp"
#include "tests/sandbox/face/route.hpp"
#include "tests/sandbox/upvest/listing.hpp"
#include "tests/sandbox/upvest/problem.hpp"

namespace tributary::sandbox {

namespace {

constexpr std::array<std::string_view, 13> routes{"/auth/token",
                                                  "/account_groups",
                                                  "/account_groups/{id}",
                                                  "/accounts",
                                                  "/accounts/{id}",
                                                  "/users",
                                                  "/users/{id}",
                                                  "/users/{id}/account_groups",
                                                  "/users/{id}/accounts",
                                                  "/auth/verify_keys",
                                                  "/webhooks",
                                                  "/webhooks/{id}",
                                                  "/webhooks/{id}/test"};

HttpReply not_found(const HttpRequest& request) {
    return upvest_problem(request, 404, "not_found", "The resource was not found.");
}

std::optional<HttpReply> refuse_headers(const HttpRequest& request) {
    if (!request.fields.find("upvest-client-id")) {
        return upvest_problem(request, 400, "missing_client_id", "The header upvest-client-id is missing.");
    }
    if (request.fields.find("accept").value_or("") != "application/json") {
        return upvest_problem(request, 406, "not_acceptable", "Only application/json is served.");
    }
    if (request.fields.find("upvest-api-version").value_or("1") != "1") {
        return upvest_problem(request, 426, "upgrade_required", "This version of the API is not served.");
    }
    const std::string_view type =
        request.path == "/auth/token" ? "application/x-www-form-urlencoded" : "application/json";
    if (!request.body.empty() && request.fields.find("content-type").value_or("") != type) {
        return upvest_problem(request, 400, "invalid_request", "unexpected request Content-Type");
    }
    return std::nullopt;
}

/// accounts:* opens groups and accounts, users:* opens users.
bool may_read(const std::set<std::string>& scopes, std::string_view route) {
    const bool of_accounts = route.find("account") != std::string_view::npos;
    const std::string resource = of_accounts ? "accounts" : "users";
    return scopes.contains(resource + ":read") || scopes.contains(resource + ":admin");
}

bool names_user(const Item& item, const std::string& user) {
    if (item.text.find(user) == std::string::npos) return false;
    const json::Object object = object_of(item);
    const json::Value* users = json::find(object, "users");
    return users != nullptr && users->if_array() != nullptr &&
           std::ranges::any_of(*users->if_array(), [&user](const json::Value& element) {
               const json::Value* id = element.find("id");
               return id != nullptr && *id == json::Value(user);
           });
}

}  // namespace

std::string UpvestFace::path_template(std::string_view path) const {
    return template_of(routes, path);
}

HttpReply UpvestFace::answer(const HttpRequest& request) {
    HttpReply reply = judge(request);
    reply.fields.add("upvest-request-id", request.request_id);
    return reply;
}

HttpReply UpvestFace::judge(const HttpRequest& request) {
    if (auto refused = refuse_headers(request)) return std::move(*refused);
    const auto client = std::ranges::find(world_.upvest_clients, *request.fields.find("upvest-client-id"),
                                          &UpvestClient::client_id);
    const bool authentic =
        client != world_.upvest_clients.end() && signatures_.verify(request, *client).has_value();
    // Which of signature and token was wrong is never told.
    const auto unauthorised = [&request] {
        return upvest_problem(request, 401, "unauthorised", "The request is not authorised.");
    };
    if (!authentic) return unauthorised();
    if (request.path == "/auth/token") {
        return request.method == "POST" ? tokens_.token(request, *client) : not_found(request);
    }
    const auto scopes = tokens_.scopes(request, *client);
    if (!scopes) return unauthorised();
    if (request.path == "/auth/verify_keys" || request.path == "/webhooks" ||
        request.path.starts_with("/webhooks/")) {
        return about_webhooks(request, *client, *scopes);
    }
    return request.method == "GET" ? read(request, *client, *scopes) : change(request, *client, *scopes);
}

HttpReply UpvestFace::change(const HttpRequest& request, const UpvestClient& client,
                             const std::set<std::string>& scopes) {
    const bool creates = request.method == "POST" && request.path == "/account_groups";
    const auto closes =
        request.method == "DELETE" ? match_route("/account_groups/{id}", request.path) : std::nullopt;
    if (!creates && !closes) return not_found(request);
    if (!scopes.contains("accounts:admin")) {
        return upvest_problem(request, 403, "forbidden", "The token lacks the scope.");
    }
    return creates ? changes_.create(request, client) : changes_.close(request, client, closes->front());
}

HttpReply UpvestFace::about_webhooks(const HttpRequest& request, const UpvestClient& client,
                                     const std::set<std::string>& scopes) {
    const bool admin = scopes.contains("webhooks:admin");
    if (!admin && (request.method != "GET" || !scopes.contains("webhooks:read"))) {
        return upvest_problem(request, 403, "forbidden", "The token lacks the scope.");
    }
    if (request.path == "/auth/verify_keys") {
        return request.method == "GET" ? json_reply(200, signer_.key_set()) : not_found(request);
    }
    return subscriptions_.answer(request, client, signer_);
}

HttpReply UpvestFace::read(const HttpRequest& request, const UpvestClient& client,
                           const std::set<std::string>& scopes) const {
    const std::string route = path_template(request.path);
    const auto ids = match_route(route, request.path);
    if (!ids) return not_found(request);
    if (!may_read(scopes, route))
        return upvest_problem(request, 403, "forbidden", "The token lacks the scope.");
    if (route.starts_with("/users/{id}/")) {
        const Kind kind = route.ends_with("groups") ? Kind::upvest_account_group : Kind::upvest_account;
        return list_of_user(request, kind, client, ids->front());
    }
    const Kind kind = route.starts_with("/users")            ? Kind::upvest_user
                      : route.starts_with("/account_groups") ? Kind::upvest_account_group
                                                             : Kind::upvest_account;
    return ids->empty() ? list(request, kind, client) : object(request, kind, client, ids->front());
}

HttpReply UpvestFace::list(const HttpRequest& request, Kind kind, const UpvestClient& client) const {
    const auto sorted = [&](SortKey key) -> const std::vector<const Item*>& {
        return world_.of(kind).of(client.name, key);
    };
    return upvest_page(request, {sorted});
}

HttpReply UpvestFace::object(const HttpRequest& request, Kind kind, const UpvestClient& client,
                             const std::string& id) const {
    const Item* found = world_.of(kind).find(id);
    if (found == nullptr || found->parent != client.name) return not_found(request);
    return text_reply(200, "application/json", found->text);
}

HttpReply UpvestFace::list_of_user(const HttpRequest& request, Kind kind, const UpvestClient& client,
                                   const std::string& user) const {
    const Item* known = world_.of(Kind::upvest_user).find(user);
    if (known == nullptr || known->parent != client.name) return not_found(request);
    std::vector<const Item*> named;
    const auto sorted = [&](SortKey key) -> const std::vector<const Item*>& {
        std::ranges::copy_if(world_.of(kind).of(client.name, key), std::back_inserter(named),
                             [&user](const Item* item) { return names_user(*item, user); });
        return named;
    };
    return upvest_page(request, {sorted, "id"});
}

}  // namespace tributary::sandbox
