// A request that a provider sends by itself before it replies: a webhook, to a listener on loopback.
#pragma once

#include <functional>
#include <string>

#include "tests/sandbox/face/face.hpp"

namespace tributary::sandbox {

struct Errand {
    /// "http://127.0.0.1:<port>/path"; anything else is not sent.
    std::string url;
    /// Signed already; method, fields and body as they go on the wire.
    HttpRequest request;
    /// What the provider replies then. Status 0: nobody answered.
    std::function<HttpReply(int status, std::string body)> conclude;
};

}  // namespace tributary::sandbox
