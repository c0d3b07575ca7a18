// Composed entities as the store keeps them: JSON text of the domain's structs.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/observation.hpp"
#include "domain/ports/page_store.hpp"

namespace tributary::view {

/// The stored text of one record's normalized object.
std::string normalized_text(const domain::Normalized& normalized);
domain::Profile read_profile(std::string_view text);
domain::Account read_account(std::string_view text);
domain::SubAccount read_sub_account(std::string_view text);
domain::AccountGroup read_account_group(std::string_view text);
/// The provider's id of the group that the stored text of an account names, and of the account that one of a
/// sub-account names.
std::optional<std::string> account_group_in(std::string_view account);
std::optional<std::string> account_in(std::string_view sub_account);

/// The records of one entity in the order in which they have their say: those that found it, the fullest
/// shape first, then the newest.
std::vector<const domain::ports::Contribution*> in_order_of_composition(
    std::span<const domain::ports::Contribution> contributions);

/// Composes the records of one entity: the fullest shape first, then the newest. Nothing where no record
/// founds the entity (only satellites are left, or none).
std::optional<std::string> composed_text(domain::EntityKind kind,
                                         std::span<const domain::ports::Contribution> contributions);

}  // namespace tributary::view
