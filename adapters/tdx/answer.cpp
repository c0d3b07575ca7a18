#include "adapters/tdx/answer.hpp"

#include <charconv>
#include <chrono>
#include <optional>

namespace tributary::tdx {

using domain::Errc;
using domain::Error;
using domain::ports::HttpAnswer;

namespace {

Errc code_of(int status) {
    switch (status) {
        case 401:
            return Errc::unauthenticated;
        case 403:
            return Errc::permission_denied;
        case 404:
        case 410:
            return Errc::not_found;
        case 408:
            return Errc::timed_out;
        case 429:
            return Errc::throttled;
        default:
            return status >= 500 ? Errc::unavailable : Errc::contract;
    }
}

std::optional<std::chrono::seconds> retry_after(const HttpAnswer& answer) {
    const std::string_view text = answer.fields.find("Retry-After").value_or("");
    std::uint32_t seconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return std::chrono::seconds(seconds);
}

}  // namespace

domain::Result<std::string> body_of(const domain::Result<HttpAnswer>& answer, std::string_view asked) {
    if (!answer) {
        return std::unexpected(answer.error());
    }
    if (answer->status >= 200 && answer->status < 300) {
        return answer->body;
    }
    // The body's message is the provider's free text and may hold personal data: it is never repeated.
    const std::string detail =
        "T-DX answered " + std::to_string(answer->status) + " when asked for: " + std::string(asked) + ".";
    return std::unexpected(Error{code_of(answer->status), detail, {}, retry_after(*answer)});
}

}  // namespace tributary::tdx
