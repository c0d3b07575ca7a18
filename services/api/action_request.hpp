// What a request to change something at a provider asks for. Pure.
#pragma once

#include <expected>

#include "domain/json/value.hpp"
#include "domain/ports/action_store.hpp"
#include "services/api/request_context.hpp"

namespace tributary::api {

struct ActionRequest {
    domain::ports::ActionKind kind = domain::ports::ActionKind::other;
    /// What it is about; its part is the attribute to delete.
    domain::ports::ActionTargetQuery subject;
    /// As the caller wrote them; the provider says whether they are well.
    json::Object arguments;
};

/// 404 where the path names nothing that could exist, 400 with every fault of the body's shape.
std::expected<ActionRequest, domain::ports::HttpReply> read_action_request(const RequestContext& context);

}  // namespace tributary::api
