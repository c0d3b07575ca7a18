// Whether a refusal may be the fault of a clock: signatures and one-time passwords are good for seconds.
#pragma once

#include <optional>
#include <string_view>

#include "domain/error.hpp"
#include "domain/ports/http.hpp"
#include "domain/time.hpp"

namespace tributary::http {

/// For an answer that refuses something signed or timed: Errc::configuration where the answer's Date is more
/// than 30 seconds away from `now`, so that the credentials need not be at fault; nothing otherwise.
/// `provider` as a person calls it.
std::optional<domain::Error> clock_skew(const domain::ports::HttpAnswer& answer, domain::Timestamp now,
                                        std::string_view provider);

}  // namespace tributary::http
