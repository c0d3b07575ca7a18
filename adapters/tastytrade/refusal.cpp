#include "adapters/tastytrade/refusal.hpp"

#include <charconv>
#include <chrono>
#include <optional>
#include <string>

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

std::optional<std::chrono::seconds> retry_after(const HttpAnswer& answer) {
    const auto field = answer.fields.find("Retry-After");
    int seconds = 0;
    if (!field || std::from_chars(field->data(), field->data() + field->size(), seconds).ec != std::errc{}) {
        return std::nullopt;
    }
    return std::chrono::seconds(std::max(seconds, 0));
}

Errc code_of(int status) {
    switch (status) {
        case 401:
            return Errc::unauthenticated;
        case 403:
            return Errc::permission_denied;
        case 404:
        case 410:
            return Errc::not_found;
        case 406:
            return Errc::configuration;
        case 408:
            return Errc::timed_out;
        case 429:
            return Errc::throttled;
        default:
            return status >= 500 && status < 600 ? Errc::unavailable : Errc::contract;
    }
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

Error read_refused(const HttpAnswer& answer, std::string_view endpoint) {
    if (answer.status == 401 && is_html(answer)) {
        return user_agent_refused(answer, endpoint);
    }
    const RefusalBody body = read_refusal(answer.body);
    Error error{code_of(answer.status), told(answer, endpoint, body.code)};
    if (error.code == Errc::not_found && !body.is_error_envelope) {
        error.code = Errc::contract;
        error.detail +=
            " The answer is not tastytrade's own, so it says nothing about whether this exists: check "
            "the base URL and what stands between.";
    }
    error.retry_after = retry_after(answer);
    return error;
}

Error token_refused(const HttpAnswer& answer) {
    if (answer.status == 401 && is_html(answer)) {
        return user_agent_refused(answer, "the token");
    }
    const RefusalBody body = read_refusal(answer.body);
    Error error{code_of(answer.status), told(answer, "the token", body.code)};
    if (answer.status == 400 || answer.status == 401 || answer.status == 403) {
        error.code = Errc::unauthenticated;
        error.detail +=
            " Make a new grant and give the connection its refresh token; credentials of certification "
            "and production are not interchangeable.";
    } else if (error.code == Errc::not_found) {
        error.code = Errc::contract;
    }
    error.retry_after = retry_after(answer);
    return error;
}

}  // namespace tributary::tastytrade
