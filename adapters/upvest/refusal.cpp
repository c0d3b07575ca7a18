#include "adapters/upvest/refusal.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/http/client/clock_skew.hpp"
#include "adapters/http/client/status.hpp"
#include "domain/json/parse.hpp"
#include "domain/uuid.hpp"

namespace tributary::upvest {

using domain::Errc;
using domain::ports::HttpAnswer;

namespace {

/// The last segment of the problem's `type`: a URL in the live API, the bare slug in the specification's
/// examples. Empty where there is none, or where it is no slug and could hold anything.
std::string slug_of(const HttpAnswer& answer) {
    const auto parsed = json::parse(answer.body);
    const json::Value* type = parsed ? parsed->root.find("type") : nullptr;
    if (type == nullptr || type->if_string() == nullptr) {
        return {};
    }
    const std::string& text = *type->if_string();
    const auto slash = text.rfind('/');
    const std::string slug = slash == std::string::npos ? text : text.substr(slash + 1);
    constexpr std::size_t longest = 64;
    const bool plain = std::ranges::all_of(slug, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
    return plain && slug.size() <= longest ? slug : std::string();
}

/// A read is answered with 200 and nothing else.
domain::Error unexpected_success(int status) {
    return {Errc::contract,
            "The provider answered " + std::to_string(status) + " where only 200 carries an object"};
}

struct Meaning {
    Errc code;
    std::string_view advice;
};

/// What a refused order means; it was not done.
std::optional<Meaning> meaning_for_action(int status, std::string_view slug) {
    if (slug == "missing_idempotency_key") {
        return Meaning{Errc::contract, "every creation of ours has one; report this"};
    }
    switch (status) {
        case 400:
        case 422:
            return Meaning{Errc::invalid_input, "it does not take these values; order others"};
        case 403:
            return Meaning{
                Errc::permission_denied,
                "give the connection the scope accounts:admin, and have it enabled for the client"};
        case 404:
        case 410:
            return Meaning{Errc::not_found, "what the order is about does not exist"};
        default:
            return std::nullopt;
    }
}

/// What Upvest means where that differs from what the status says of any provider.
std::optional<Meaning> upvest_meaning(int status, std::string_view slug, Subject subject) {
    if (slug == "missing_client_id") {
        return Meaning{Errc::configuration, "check the connection's client_id"};
    }
    if (subject == Subject::action) {
        if (const auto meaning = meaning_for_action(status, slug)) {
            return meaning;
        }
    }
    switch (status) {
        case 400:
            // All that a token call holds is the operator's: a malformed client id or an unknown scope ends
            // here.
            return subject == Subject::token
                       ? std::optional(
                             Meaning{Errc::unauthenticated, "check client_id, client_secret and scopes"})
                       : std::nullopt;
        case 403:
            // A scope that a token lacks is refused at the resource; here it is the client itself.
            return subject == Subject::token
                       ? std::optional(
                             Meaning{Errc::unauthenticated,
                                     "check client_id, client_secret and scopes, and that the client "
                                     "is enabled"})
                       : std::nullopt;
        case 401:
            return Meaning{Errc::unauthenticated,
                           "check client_id, client_secret, scopes, key_id and private_key_pem, and this "
                           "machine's clock"};
        case 404:
        case 410:
            return subject == Subject::single_object ? Meaning{Errc::gone, "treat the object as removed"}
                                                     : Meaning{Errc::not_found, "check the base URL"};
        case 409:
            return Meaning{Errc::conflict, "the object's state does not allow this now"};
        case 426:
            return Meaning{Errc::configuration, "its major version is retired; set a newer api_version"};
        default:
            return std::nullopt;
    }
}

/// What Upvest's support asks for, as far as it is there: " (token call, not_found, request 0f0b...)".
std::string particulars(const HttpAnswer& answer, std::string_view slug, Subject subject) {
    std::string text = subject == Subject::token ? ", token call" : "";
    if (!slug.empty()) {
        text.append(", ").append(slug);
    }
    if (const auto id = domain::parse_uuid(answer.fields.find("upvest-request-id").value_or(""))) {
        text += ", request " + domain::to_text(*id);
    }
    return text.empty() ? text : " (" + text.substr(2) + ")";
}

}  // namespace

domain::Error refusal(const HttpAnswer& answer, Subject subject, domain::Timestamp now) {
    if (answer.status == 401) {
        if (auto skew = http::clock_skew(answer, now, "Upvest")) {
            return *std::move(skew);
        }
    }
    const std::string slug = slug_of(answer);
    domain::Error error = http::error_of_status(answer, now).value_or(unexpected_success(answer.status));
    if (const auto meaning = upvest_meaning(answer.status, slug, subject)) {
        error.code = meaning->code;
        error.detail =
            "The provider answered " + std::to_string(answer.status) + "; " + std::string(meaning->advice);
    }
    error.detail += particulars(answer, slug, subject);
    return error;
}

}  // namespace tributary::upvest
