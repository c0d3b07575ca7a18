#include "adapters/tastytrade/refusal.hpp"

#include <string>

#include "adapters/http/client/status.hpp"
#include "adapters/tastytrade/envelope.hpp"

namespace tributary::tastytrade {

using domain::Errc;
using domain::Error;
using domain::ports::HttpAnswer;

namespace {

std::string told(const HttpAnswer& answer, std::string_view endpoint, const std::string& code) {
    return "tastytrade refused " + std::string(endpoint) + " with status " + std::to_string(answer.status) +
           (code.empty() ? "" : " (" + code + ")") + ".";
}

Error user_agent_refused(const HttpAnswer& answer, std::string_view endpoint) {
    return {Errc::configuration,
            told(answer, endpoint, "") +
                " The answer is an HTML page, which is how the edge refuses a User-Agent: "
                "check that nothing on the way removes or changes that header."};
}

/// The common meaning of the status, told in terms of the endpoint and the provider's own code.
Error by_status(const HttpAnswer& answer, std::string_view endpoint, const RefusalBody& body,
                domain::Timestamp now) {
    Error error = http::error_of_status(answer, now).value_or(Error{Errc::contract, ""});
    error.detail = told(answer, endpoint, body.code);
    if (answer.status == 406) {
        error.code = Errc::configuration;
    }
    return error;
}

}  // namespace

bool is_html(const HttpAnswer& answer) {
    const auto type = answer.fields.find("Content-Type");
    if (type && (type->find("text/html") != std::string_view::npos)) {
        return true;
    }
    const auto first = answer.body.find_first_not_of(" \t\r\n");
    return first != std::string::npos && answer.body[first] == '<';
}

Error read_refused(const HttpAnswer& answer, std::string_view endpoint, domain::Timestamp now) {
    if (answer.status == 401 && is_html(answer)) {
        return user_agent_refused(answer, endpoint);
    }
    const RefusalBody body = read_refusal(answer.body);
    Error error = by_status(answer, endpoint, body, now);
    if (error.code == Errc::gone) {
        error.code = Errc::not_found;
    }
    if (error.code == Errc::not_found && !body.is_error_envelope) {
        error.code = Errc::contract;
        error.detail +=
            " The answer is not tastytrade's own, so it says nothing about whether this exists: check "
            "the base URL and what stands between.";
    }
    return error;
}

Error token_refused(const HttpAnswer& answer, domain::Timestamp now) {
    if (answer.status == 401 && is_html(answer)) {
        return user_agent_refused(answer, "the token");
    }
    const RefusalBody body = read_refusal(answer.body);
    Error error = by_status(answer, "the token", body, now);
    if (answer.status == 400 || answer.status == 401 || answer.status == 403) {
        error.code = Errc::unauthenticated;
        error.detail +=
            " Make a new grant and give the connection its refresh token; credentials of certification "
            "and production are not interchangeable.";
    } else if (error.code == Errc::not_found || error.code == Errc::gone) {
        error.code = Errc::contract;
    }
    return error;
}

}  // namespace tributary::tastytrade
