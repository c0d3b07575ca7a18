// What an answer means before anybody looks into it. The status line is trusted over the body, whose `code`
// and `status` the documentation describes in two ways.
#pragma once

#include <string>
#include <string_view>

#include "domain/error.hpp"
#include "domain/ports/http.hpp"
#include "domain/time.hpp"

namespace tributary::tdx {

/// The body of a 2xx answer, else an error that names what was `asked`, by the rules of
/// adapters/http/client/status.hpp; only 410 is not_found like 404, because a whole stream may answer it. A
/// failed transport stays the error it is. `now` serves to read a Retry-After, and to tell a 401 that a wrong
/// clock may have caused: Errc::configuration.
domain::Result<std::string> body_of(const domain::Result<domain::ports::HttpAnswer>& answer,
                                    std::string_view asked, domain::Timestamp now);

/// The same of a change, where a refusal says that nothing was done: 400 is invalid_input, 409 and 422 are
/// conflict (T-DX, error handling: ALREADY_EXISTS, FAILED_PRECONDITION).
domain::Result<std::string> body_of_change(const domain::Result<domain::ports::HttpAnswer>& answer,
                                           std::string_view asked, domain::Timestamp now);

}  // namespace tributary::tdx
