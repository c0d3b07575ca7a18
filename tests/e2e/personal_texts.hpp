// What of the sandbox's population tells something of a person.
#pragma once

#include <set>
#include <string>

#include "domain/json/value.hpp"

namespace tributary::e2e {

/// Every text in the providers' objects but those under keys that are known to tell nothing of anybody: a
/// field that the sandbox gains counts as personal until it is named there.
std::set<std::string> personal_texts(const json::Value& population);

/// Texts of a document that are no ids of ours and no times, for looking through.
void collect_texts(const json::Value& document, std::set<std::string>& texts);

}  // namespace tributary::e2e
