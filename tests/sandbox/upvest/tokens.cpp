#include "tests/sandbox/upvest/tokens.hpp"

#include <algorithm>
#include <optional>
#include <sstream>

#include "tests/sandbox/face/form.hpp"
#include "tests/sandbox/face/reply.hpp"
#include "tests/sandbox/upvest/problem.hpp"

namespace tributary::sandbox {

namespace {

constexpr std::chrono::seconds token_life{1800};

}  // namespace

HttpReply UpvestTokens::token(const HttpRequest& request, const UpvestClient& client) {
    const auto form = Form::parse(request.body);
    if (!form || form->find("grant_type") != "client_credentials" || !form->find("scope")) {
        return upvest_problem(request, 400, "invalid_request", "The grant is malformed.");
    }
    if (form->find("client_id") != client.client_id || form->find("client_secret") != client.client_secret) {
        return upvest_problem(request, 401, "unauthorised", "The client is not authorised.");
    }
    Issued issued{client.client_id, {}, clock_.lifetime_now()};
    std::istringstream words(*form->find("scope"));
    std::string scope;
    while (words >> scope) {
        if (std::ranges::find(client.scopes, scope) == client.scopes.end()) {
            return upvest_problem(request, 401, "unauthorised", "A scope is not enabled for the client.");
        }
        issued.scopes.insert(scope);
    }
    const std::string token = "ory_at_" + rng_.hex(32);
    issued_[token] = std::move(issued);
    return json_reply(200, json::Object{{"access_token", token},
                                        {"expires_in", token_life.count() - 1},
                                        {"token_type", "bearer"},
                                        {"scope", *form->find("scope")}});
}

std::optional<std::set<std::string>> UpvestTokens::scopes(const HttpRequest& request,
                                                          const UpvestClient& client) const {
    const std::string_view header = request.fields.find("Authorization").value_or("");
    if (!header.starts_with("Bearer ")) return std::nullopt;
    const auto found = issued_.find(header.substr(7));
    if (found == issued_.end() || found->second.client_id != client.client_id) return std::nullopt;
    if (clock_.lifetime_now() >= found->second.born + token_life) return std::nullopt;
    return found->second.scopes;
}

}  // namespace tributary::sandbox
