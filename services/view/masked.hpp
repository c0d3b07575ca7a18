// A finished document as somebody sees it who may not see personal data. Pure.
#pragma once

#include <string>
#include <string_view>

#include "domain/json/value.hpp"
#include "domain/kinds.hpp"

namespace tributary::view {

/// The masked variant of a document's finished text, by mask_rules(): with "masked": true before the stamp.
/// Masking it again changes nothing. Numbers that stay keep their own text. Throws std::logic_error where
/// `body` is no JSON object, which no stored document is: what cannot be masked is not shown.
std::string masked(domain::EntityKind kind, std::string_view body);

/// Some members of a document of this kind, as its masked variant has them; those that it lacks are left out.
json::Object masked_members(domain::EntityKind kind, const json::Object& members);

/// A provider's id of whatever kind of object, outside a document: a UUID says nothing by itself and is kept,
/// anything else may be a login or an account's number and becomes "***".
std::string masked_provider_id(std::string_view id);

}  // namespace tributary::view
