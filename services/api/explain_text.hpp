// An explanation as the API shows it, in the variant that the reader may see. Pure.
#pragma once

#include <string>

#include "services/api/conditional.hpp"
#include "services/view/explain.hpp"

namespace tributary::api {

/// {"id", "matches_document", "fields", "profiles"}; masked, a value is shown as the customer's document
/// would show it, and one that it would leave out is missing.
std::string explanation_text(const domain::Uuid& tenant, const domain::Uuid& customer,
                             const view::Explanation& explanation, Variant variant);

}  // namespace tributary::api
