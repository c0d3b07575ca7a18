// What an operation takes as its body. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "domain/ports/http.hpp"
#include "services/api/router.hpp"

namespace tributary::api {

enum class BodyRule {
    /// Nothing, or an object without members.
    none,
    /// A JSON object that the route reads.
    json,
    /// The same or nothing.
    may_be_json,
    /// What a provider sends; its signature vouches for it, not its shape.
    delivery,
};

BodyRule body_rule(Endpoint endpoint);

/// 415 where a body comes, or must come, and is not announced as JSON.
std::optional<domain::ports::HttpReply> refuse_media_type(BodyRule rule,
                                                          const domain::ports::HttpFields& fields);
/// 400 for a body where the operation takes none; names the first member.
std::optional<domain::ports::HttpReply> refuse_body(BodyRule rule, std::string_view body);

}  // namespace tributary::api
