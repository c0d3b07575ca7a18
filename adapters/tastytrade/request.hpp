// The requests as they go on the wire. Pure.
#pragma once

#include <string>
#include <string_view>

#include "domain/ports/http.hpp"

namespace tributary::tastytrade {

/// `product/version`. tastytrade refuses a request without one of this shape: 401 with an HTML page.
std::string_view user_agent();

struct Credentials {
    std::string client_secret;
    std::string refresh_token;
};

/// A read. Names no Accept-Version: these endpoints have one version, and certification answers 404 to the
/// header.
domain::ports::HttpCall read_request(const std::string& origin, std::string target,
                                     const std::string& access_token);

/// The refresh-token grant, as JSON. Carries no Authorization: the old token has no place here.
domain::ports::HttpCall token_request(const std::string& origin, const Credentials& credentials);

/// One path segment, everything but RFC 3986 unreserved characters percent-encoded.
std::string percent_encoded(std::string_view segment);

}  // namespace tributary::tastytrade
