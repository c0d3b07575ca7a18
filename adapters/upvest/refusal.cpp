#include "adapters/upvest/refusal.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

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

Errc code_of(int status, std::string_view slug, Subject subject) {
    if (slug == "missing_client_id") {
        return Errc::configuration;
    }
    switch (status) {
        // What the token call holds is the operator's: a malformed client id or an unknown scope is refused
        // here.
        case 400:
            return subject == Subject::token ? Errc::unauthenticated : Errc::contract;
        case 401:
            return Errc::unauthenticated;
        case 403:
            return Errc::permission_denied;
        case 404:
        case 410:
            return subject == Subject::single_object ? Errc::gone : Errc::not_found;
        case 409:
            return Errc::conflict;
        // The major version in upvest-api-version is retired.
        case 426:
            return Errc::configuration;
        case 408:
            return Errc::timed_out;
        case 429:
            return Errc::throttled;
        default:
            return status >= 500 && status <= 599 ? Errc::unavailable : Errc::contract;
    }
}

std::string_view advice_for(Errc code) {
    switch (code) {
        case Errc::configuration:
            return "Check the connection's settings.";
        case Errc::unauthenticated:
            return "Check client id, client secret, scopes, key id and private key, and this machine's "
                   "clock.";
        case Errc::permission_denied:
            return "The scopes of the client do not cover this.";
        case Errc::gone:
            return "The object no longer exists.";
        case Errc::throttled:
        case Errc::timed_out:
        case Errc::unavailable:
            return "It may work later.";
        default:
            return "Its contract does not foresee this.";
    }
}

std::optional<std::chrono::seconds> retry_after(const HttpAnswer& answer) {
    const auto field = answer.fields.find("retry-after");
    std::uint32_t seconds = 0;
    if (!field ||
        std::from_chars(field->data(), field->data() + field->size(), seconds).ptr != field->end()) {
        return std::nullopt;
    }
    return std::chrono::seconds(seconds);
}

}  // namespace

domain::Error refusal(const HttpAnswer& answer, Subject subject) {
    const std::string slug = slug_of(answer);
    domain::Error error;
    error.code = code_of(answer.status, slug, subject);
    error.detail =
        subject == Subject::token ? "Upvest refused a token with status " : "Upvest answered status ";
    error.detail += std::to_string(answer.status) + (slug.empty() ? "" : " (" + slug + ")");
    if (const auto id = domain::parse_uuid(answer.fields.find("upvest-request-id").value_or(""))) {
        error.detail += ", request " + domain::to_text(*id);
    }
    error.detail += ". " + std::string(advice_for(error.code));
    error.retry_after = retry_after(answer);
    return error;
}

}  // namespace tributary::upvest
