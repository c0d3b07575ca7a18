// One request and one answer on an open connection.
#pragma once

#include <string>

#include "adapters/http/client/connection.hpp"
#include "adapters/http/client/deadline.hpp"
#include "adapters/http/client/options.hpp"
#include "domain/error.hpp"
#include "domain/ports/http.hpp"
#include "domain/ports/task.hpp"

namespace tributary::http {

struct Exchange {
    domain::Result<domain::ports::HttpAnswer> answer;
    /// The peer was gone before a byte of the answer came: on a connection that had been idle this says
    /// nothing about the provider.
    bool peer_was_gone = false;
    /// The connection can take another request.
    bool reusable = false;
};

/// Owned by the awaiting caller.
struct Terms {
    const std::string& host;
    const ClientOptions& options;
    Deadline whole;
};

/// `wire` is a whole request and, like the connection, owned by the awaiting caller.
domain::ports::Task<Exchange> exchange(Connection& connection, const std::string& wire, Terms terms);

}  // namespace tributary::http
