#include "adapters/http/client/status.hpp"

#include <fmt/format.h>

#include <string_view>

#include "domain/retry_after.hpp"

namespace tributary::http {

using domain::Errc;

namespace {

struct Meaning {
    Errc code;
    std::string_view advice;
};

Meaning meaning_of(int status) {
    switch (status) {
        case 401:
            return {Errc::unauthenticated, "replace the credentials of the connection"};
        case 403:
            return {Errc::permission_denied, "grant the credentials the permission this needs"};
        case 404:
            return {Errc::not_found, "check the identifier and the base URL"};
        case 408:
            return {Errc::unavailable, "ask again later"};
        case 410:
            return {Errc::gone, "treat the object as removed"};
        case 429:
            return {Errc::throttled, "ask less often"};
        default:
            break;
    }
    if (status >= 500 && status <= 599) {
        return {Errc::unavailable, "ask again later"};
    }
    return {Errc::contract, "check the base URL and the provider's release notes"};
}

}  // namespace

std::optional<domain::Error> error_of_status(const domain::ports::HttpAnswer& answer, domain::Timestamp now) {
    if (answer.status >= 200 && answer.status <= 299) {
        return std::nullopt;
    }
    const Meaning meaning = meaning_of(answer.status);
    domain::Error error{meaning.code,
                        fmt::format("The provider answered {}; {}", answer.status, meaning.advice)};
    if (domain::is_retryable(meaning.code)) {
        error.retry_after = domain::retry_after(answer.fields, now);
    }
    return error;
}

}  // namespace tributary::http
