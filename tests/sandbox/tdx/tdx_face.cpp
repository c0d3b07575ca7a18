#include "tests/sandbox/tdx/tdx_face.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "tests/sandbox/face/reply.hpp"
#include "tests/sandbox/face/route.hpp"
#include "tests/sandbox/tdx/error_reply.hpp"
#include "tests/sandbox/tdx/paging.hpp"
#include "tests/sandbox/tdx/shapes.hpp"

namespace tributary::sandbox {

namespace {

constexpr std::string_view prefix = "/api/rest/v1";
constexpr std::string_view login_route = "/users/authentication/login";
constexpr std::string_view refresh_route = "/users/authentication/refresh";
constexpr std::array<std::string_view, 13> routes{
    login_route,
    refresh_route,
    "/users/me",
    "/users/me/preferences",
    "/users/me/attributes",
    "/users/me/attributes/{id}",
    "/users",
    "/users/by-sub-account/{id}",
    "/client-accounts/mine",
    "/client-accounts/mine/attributes",
    "/client-accounts/mine/attributes/{id}",
    "/sub-accounts/mine",
    "/sub-accounts/{id}",
};

HttpReply single(json::Object object) {
    return json_reply(200, json::Object{{"result", std::move(object)}});
}

HttpReply not_found() {
    return tdx_error(404, "not found", "RESOURCE_NOT_FOUND");
}

HttpReply denied() {
    return tdx_error(403, "permission denied", "PERMISSION_DENIED");
}

bool is_among(const std::vector<const Item*>& items, const Item* wanted) {
    return std::ranges::find(items, wanted) != items.end();
}

}  // namespace

std::string TdxFace::path_template(std::string_view path) const {
    if (!path.starts_with(prefix)) return "(unknown)";
    return template_of(routes, path.substr(prefix.size()));
}

const TdxLogin* TdxFace::authenticate(const HttpRequest& request) {
    const std::string_view header = request.fields.find("Authorization").value_or("");
    return header.starts_with("Bearer ") ? sessions_.bearer(header.substr(7)) : signatures_.verify(request);
}

HttpReply TdxFace::answer(const HttpRequest& request) {
    const std::string route = path_template(request.path);
    if (request.method == "POST" && route == login_route) return sessions_.login(request);
    if (request.method == "POST" && route == refresh_route) return sessions_.refresh(request);
    const TdxLogin* login = authenticate(request);
    if (login == nullptr) return tdx_error(401, "invalid or expired credentials", "UNAUTHENTICATED");
    const Item* user = world_.of(Kind::tdx_user).find(login->user_id);
    if (user == nullptr) return tdx_error(401, "the user is gone", "UNAUTHENTICATED");
    if (route == "(unknown)" || route == login_route || route == refresh_route) return not_found();
    // No change names a permission of its own.
    if (!tdx_permitted(*user, "canRead")) return denied();
    const auto ids = *match_route(route, request.path.substr(prefix.size()));
    if (request.method == "GET") return read(request, {login, user}, route, ids);
    return change(request, user->id, route, ids).value_or(not_found());
}

std::optional<HttpReply> TdxFace::change(const HttpRequest& request, const std::string& user,
                                         std::string_view route, const std::vector<std::string>& ids) {
    if (request.method == "PUT" && route == "/users/me/preferences") {
        return changes_.put_preferences(request, user);
    }
    if (request.method == "POST" && route == "/users/me/attributes") {
        return changes_.post_attributes(request, user);
    }
    if (request.method == "DELETE" && route == "/users/me/attributes/{id}") {
        return changes_.delete_attribute(ids.front(), user);
    }
    return std::nullopt;
}

HttpReply TdxFace::read(const HttpRequest& request, const Caller& caller, std::string_view route,
                        const std::vector<std::string>& ids) const {
    const Item* client = tdx_client_account(world_, *caller.user);
    if (route == "/users/me") return single(tdx_own_user(world_, *caller.login, *caller.user));
    if (route == "/users") return users(request, caller);
    if (route == "/users/by-sub-account/{id}") return users_of(request, caller, ids.front());
    if (route == "/sub-accounts/{id}") return sub_account(caller, ids.front());
    if (route == "/client-accounts/mine") return client == nullptr ? not_found() : single(object_of(*client));
    if (route == "/sub-accounts/mine") {
        return tdx_page(request, world_.seed, tdx_sub_accounts(world_, *caller.login, *caller.user),
                        [](const Item& item) { return json::Value(object_of(item)); });
    }
    if (route == "/users/me/preferences") {
        const auto& found = world_.of(Kind::tdx_preferences).of(caller.user->id);
        return found.empty() ? not_found() : single(object_of(*found.front()));
    }
    if (route.starts_with("/users/me/attributes")) {
        return attributes(request, Kind::tdx_user_attribute, caller.user->id, ids);
    }
    return attributes(request, Kind::tdx_client_account_attribute, caller.user->parent, ids);
}

HttpReply TdxFace::users(const HttpRequest& request, const Caller& caller) const {
    if (!tdx_lists_users(*caller.login, *caller.user)) return denied();
    return tdx_page(request, world_.seed, world_.of(Kind::tdx_user).of(caller.user->parent),
                    [](const Item& item) { return json::Value(tdx_listed_user(item)); });
}

HttpReply TdxFace::users_of(const HttpRequest& request, const Caller& caller, const std::string& id) const {
    const Item* found = world_.of(Kind::tdx_sub_account).find(id);
    if (found == nullptr || found->parent != caller.user->parent) return not_found();
    if (!is_among(tdx_sub_accounts(world_, *caller.login, *caller.user), found)) return denied();
    return tdx_page(request, world_.seed, tdx_users_of(world_, *found),
                    [](const Item& item) { return json::Value(tdx_listed_user(item)); });
}

HttpReply TdxFace::sub_account(const Caller& caller, const std::string& id) const {
    const Item* found = world_.of(Kind::tdx_sub_account).find(id);
    if (found == nullptr || found->parent != caller.user->parent) return not_found();
    if (!is_among(tdx_sub_accounts(world_, *caller.login, *caller.user), found)) return denied();
    return single(object_of(*found));
}

HttpReply TdxFace::attributes(const HttpRequest& request, Kind kind, const std::string& parent,
                              const std::vector<std::string>& ids) const {
    if (ids.empty()) {
        return tdx_page(request, world_.seed, world_.of(kind).of(parent),
                        [](const Item& item) { return json::Value(object_of(item)); });
    }
    const Item* found = world_.of(kind).find(ids.front());
    return found == nullptr || found->parent != parent ? not_found() : single(object_of(*found));
}

}  // namespace tributary::sandbox
