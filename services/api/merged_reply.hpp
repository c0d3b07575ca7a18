// The answer about a customer that was merged into another one.
#pragma once

#include "domain/ports/http.hpp"
#include "domain/uuid.hpp"
#include "services/api/request_context.hpp"

namespace tributary::api {

/// 308 to the same question about `target`, where the customer is found from this moment on. `context` is of
/// a path under /v1/customers/.
domain::ports::HttpReply merged_reply(const RequestContext& context, const domain::Uuid& target,
                                      const domain::ports::Commit& moment);

}  // namespace tributary::api
