// A key set from where an issuer publishes it.
#pragma once

#include <string>

#include "domain/error.hpp"
#include "domain/ports/http.hpp"
#include "domain/ports/task.hpp"

namespace tributary::jwt {

/// `https://host[:port]/path` in the two parts that a call takes.
struct KeySetAddress {
    std::string origin;
    /// Path and query; "/" where the address has none.
    std::string target;
};

KeySetAddress split_address(std::string_view url);

/// The body of the answer, which may be anything. Besides the transport's errors Errc::unavailable where the
/// status is not 200 (no redirect is followed), and Errc::contract where the body is longer than a key set
/// may be.
domain::ports::Task<domain::Result<std::string>> fetch_key_set(domain::ports::HttpTransport& transport,
                                                               KeySetAddress address);

}  // namespace tributary::jwt
