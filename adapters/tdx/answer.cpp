#include "adapters/tdx/answer.hpp"

#include <optional>
#include <utility>

#include "adapters/http/client/clock_skew.hpp"
#include "adapters/http/client/status.hpp"

namespace tributary::tdx {

using domain::Errc;

domain::Result<std::string> body_of(const domain::Result<domain::ports::HttpAnswer>& answer,
                                    std::string_view asked, domain::Timestamp now) {
    if (!answer) {
        return std::unexpected(answer.error());
    }
    std::optional<domain::Error> error = http::error_of_status(*answer, now);
    if (!error) {
        return answer->body;
    }
    if (error->code == Errc::unauthenticated) {
        if (auto skew = http::clock_skew(*answer, now, "T-DX")) {
            return std::unexpected(*std::move(skew));
        }
    }
    // The body's message is the provider's free text and may hold personal data: it is never repeated.
    error->detail = "T-DX, asked for " + std::string(asked) + ": " + error->detail;
    if (error->code == Errc::gone) {
        error->code = Errc::not_found;
    }
    return std::unexpected(*std::move(error));
}

domain::Result<std::string> body_of_change(const domain::Result<domain::ports::HttpAnswer>& answer,
                                           std::string_view asked, domain::Timestamp now) {
    domain::Result<std::string> body = body_of(answer, asked, now);
    const int status = answer ? answer->status : 0;
    if (status == 400) {
        return domain::fail(Errc::invalid_input,
                            "T-DX, asked for " + std::string(asked) +
                                ", answered 400: it does not take these values. Order others.");
    }
    if (status == 409 || status == 422) {
        return domain::fail(Errc::conflict, "T-DX, asked for " + std::string(asked) + ", answered " +
                                                std::to_string(status) +
                                                ": its state does not allow this now. Look at it, then order "
                                                "again.");
    }
    return body;
}

}  // namespace tributary::tdx
