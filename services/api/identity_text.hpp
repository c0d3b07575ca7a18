// Links and what was decided about them, as the API shows them. Pure.
#pragma once

#include "domain/json/value.hpp"
#include "services/api/conditional.hpp"
#include "services/view/link_decision.hpp"

namespace tributary::api {

/// {"id", "profile_ids", "state", "rule", "evidence", "by", "reason", "decided_at"}; `by` is "rule" where no
/// operator decided. Masked it is "operator" otherwise, and there is no reason: whoever decided may be named
/// by a login, and a reason is free text.
json::Object link_object(const domain::Uuid& tenant, const domain::ports::Link& link, Variant variant);

/// The link with `customer_ids`, and what the decision did.
json::Object decided_object(const domain::Uuid& tenant, const view::DecidedLink& decided, Variant variant);

}  // namespace tributary::api
