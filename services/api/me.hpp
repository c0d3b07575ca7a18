// Whoever the token speaks for can say `me`.
#pragma once

#include <expected>

#include "domain/ports/read_store.hpp"
#include "services/api/request_context.hpp"

namespace tributary::api {

/// The same request with the id of the customer that `me` means in its place; untouched where the path names
/// an object by its id. Where the credential names no customer, or one that is not there, the answer to send
/// instead. The store outlives the call.
domain::ports::Task<std::expected<RequestContext, domain::ports::HttpReply>> me_resolved(
    domain::ports::ReadStore& store, RequestContext context);

}  // namespace tributary::api
