// Upvest's answers, bytes to domain. Pure. One unusable object costs itself; a broken envelope costs the
// page.
#pragma once

#include <string_view>

#include "domain/error.hpp"
#include "domain/json/value.hpp"
#include "domain/kinds.hpp"
#include "domain/observation.hpp"

namespace tributary::upvest {

/// A list answer: `{"meta": {..., "total_count": n}, "data": [...]}`. `kind` says what its items are: profile
/// (users), account_group or account. Errc::contract where the text is no JSON, or has no data array or no
/// total_count. Upvest, pagination and meta.
domain::Result<domain::Page> decode_list(domain::EntityKind kind, std::string_view body);

/// The answer of a single-object read: a page of one observation. Errc::contract where it is not the object
/// asked for.
domain::Result<domain::Page> decode_single(domain::EntityKind kind, std::string_view provider_id,
                                           std::string_view body);

/// Adds one object to the page: as an observation, or quarantined where it has no usable id. Lists, single
/// reads and the `object` of a webhook event all hold the same shapes.
void decode_item(domain::EntityKind kind, json::Value item, domain::Page& page);

}  // namespace tributary::upvest
