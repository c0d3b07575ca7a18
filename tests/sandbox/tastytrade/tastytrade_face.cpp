#include "tests/sandbox/tastytrade/tastytrade_face.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "tests/sandbox/face/form.hpp"
#include "tests/sandbox/face/reply.hpp"
#include "tests/sandbox/face/route.hpp"

namespace tributary::sandbox {

namespace {

constexpr std::array<std::string_view, 4> routes{
    "/oauth/token", "/customers/{id}", "/customers/{id}/accounts", "/customers/{id}/accounts/{number}"};

HttpReply refusal(int status, json::Value code, std::string_view message) {
    return json_reply(status,
                      json::Object{{"error", json::Object{{"code", std::move(code)}, {"message", message}}}});
}

/// What the edge in front of the API answers; never JSON.
HttpReply edge_refusal() {
    return text_reply(401, "text/html",
                      "<html>\r\n<head><title>401 Authorization Required</title></head>\r\n<body>\r\n"
                      "<center><h1>401 Authorization Required</h1></center>\r\n<hr><center>nginx</center>\r\n"
                      "</body>\r\n</html>\r\n");
}

/// "<product>/<version>", further words allowed after a space.
bool is_product_and_version(std::string_view agent) {
    agent = agent.substr(0, agent.find(' '));
    const std::size_t slash = agent.find('/');
    if (slash == std::string_view::npos) return false;
    const auto named = [](std::string_view word) {
        return !word.empty() && std::ranges::all_of(word, [](char c) {
            return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
                   c == '.' || c == '_';
        });
    };
    return named(agent.substr(0, slash)) && named(agent.substr(slash + 1));
}

std::optional<HttpReply> refuse_version(const HttpRequest& request) {
    const auto version = request.fields.find("Accept-Version");
    if (!version) return std::nullopt;
    // The certification environment takes no version: one that exists elsewhere leads to no route, others are
    // unknown.
    if (*version == "20251001" || *version == "20251101") return refusal(404, "not_found", "Not Found");
    return refusal(406, 406, "The requested version is not supported.");
}

HttpReply enveloped(const HttpRequest& request, json::Value data) {
    return json_reply(200, json::Object{{"data", std::move(data)}, {"context", request.path}});
}

}  // namespace

std::optional<json::Object> listed_account(const World& world, const Item& access) {
    const json::Object grant = object_of(access);
    const std::string number = access.id.substr(access.id.find('/') + 1);
    const Item* account = world.of(Kind::tastytrade_account).find(number);
    if (account == nullptr) return std::nullopt;
    json::Object element{{"account", object_of(*account)}};
    if (const json::Value* level = json::find(grant, "authority-level")) {
        element.push_back({"authority-level", *level});
    }
    return element;
}

HttpReply TastytradeFace::answer(const HttpRequest& request) {
    if (!is_product_and_version(request.fields.find("User-Agent").value_or(""))) return edge_refusal();
    if (auto refused = refuse_version(request)) return std::move(*refused);
    if (request.path == "/oauth/token" && request.method == "POST" && !request.fields.find("Authorization")) {
        return oauth_.token(request);
    }
    const auto bearer = oauth_.bearer(request);
    if (!bearer) return refusal(401, "unauthorized", "Unauthorized");
    if (request.path == "/oauth/token" && request.method == "POST") return oauth_.token(request);
    const std::string route = path_template(request.path);
    if (request.method != "GET" || route == "(unknown)" || route == "/oauth/token") {
        return refusal(404, "not_found", "Not Found");
    }
    const auto ids = match_route(route, request.path);
    if (ids->front() != "me" || bearer->scope.find("read") == std::string::npos) {
        return refusal(403, "not_permitted", "User not permitted access");
    }
    if (ids->size() == 2) return account(request, bearer->login, ids->back());
    return route.ends_with("/accounts") ? accounts(request, bearer->login) : customer(request, bearer->login);
}

HttpReply TastytradeFace::customer(const HttpRequest& request, const std::string& login) const {
    if (const Item* found = world_.of(Kind::tastytrade_customer).find(login)) {
        return enveloped(request, object_of(*found));
    }
    const auto query = Form::parse(request.query);
    if (query && query->find("allow-missing") == "true") return enveloped(request, json::Object{});
    return refusal(404, "not_found", "Customer not found");
}

HttpReply TastytradeFace::accounts(const HttpRequest& request, const std::string& login) const {
    json::Array items;
    for (const Item* access : world_.of(Kind::tastytrade_access).in_order(login)) {
        if (auto element = listed_account(world_, *access)) {
            items.push_back(std::move(*element));
        }
    }
    return enveloped(request, json::Object{{"items", std::move(items)}});
}

HttpReply TastytradeFace::account(const HttpRequest& request, const std::string& login,
                                  const std::string& number) const {
    const Item* found = world_.of(Kind::tastytrade_account).find(number);
    if (found == nullptr) return refusal(404, "not_found", "Account not found");
    if (world_.of(Kind::tastytrade_access).find(login + "/" + number) == nullptr) {
        return refusal(403, "not_permitted", "User not permitted access");
    }
    json::Object object = object_of(*found);
    // Only the list says in which domain an account is regulated.
    std::erase_if(object, [](const json::Entry& entry) { return entry.key == "regulatory-domain"; });
    return enveloped(request, std::move(object));
}

std::string TastytradeFace::path_template(std::string_view path) const {
    return template_of(routes, path);
}

}  // namespace tributary::sandbox
