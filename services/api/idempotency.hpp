// By what a change that is asked for again is known: the caller's key, and what was asked under it. Pure.
#pragma once

#include <optional>
#include <string>

#include "domain/ports/sealer.hpp"
#include "services/api/request_context.hpp"

namespace tributary::api {

/// Whether the operation changes something at a provider, and so has to be asked for under a key.
bool needs_idempotency_key(Endpoint endpoint);
/// 400 where an operation that needs a key comes without one, or with one that is no 1 to 255 visible ASCII
/// characters.
std::optional<domain::ports::HttpReply> refuse_idempotency_key(Endpoint endpoint,
                                                               const domain::ports::HttpFields& fields);

/// A keyed hash of caller and key, 64 hex digits: two callers never meet in one key.
std::string idempotency_hash(const domain::ports::Sealer& sealer, const RequestContext& context);
/// The same of method, path and body. White space between the tokens of a body makes no difference.
std::string request_fingerprint(const domain::ports::Sealer& sealer, const RequestContext& context);

}  // namespace tributary::api
