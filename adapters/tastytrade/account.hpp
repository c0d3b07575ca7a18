// One tastytrade account into the domain.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "domain/json/value.hpp"
#include "domain/observation.hpp"

namespace tributary::tastytrade {

/// Takes both shapes: an item of the list ({account, authority-level}) and the bare account of a single read,
/// which tells no authority. `profile` is the provider id of the customer who sees it. Only the account
/// number is mandatory (tastytrade sheds fields without notice); without it the object is quarantined.
std::variant<domain::Observation, domain::Quarantined> normalize_account(
    const json::Value& sent, const std::string& profile, std::vector<domain::DriftNote>& notes);

}  // namespace tributary::tastytrade
