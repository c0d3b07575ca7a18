// Identifiers, links, memberships and customers.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/page_store.hpp"

namespace tributary::postgres {

void lock_identifiers(Transaction& tx, std::span<const domain::ports::IdentifierKey> keys);
std::vector<domain::ports::IdentifierMember> read_identifier_members(
    Transaction& tx, std::span<const domain::ports::IdentifierKey> keys);
std::vector<domain::ports::IdentifierMember> read_identifiers_of(Transaction& tx,
                                                                 std::span<const domain::Uuid> profiles);
void add_identifiers(Transaction& tx, std::span<const domain::ports::IdentifierMember> members);
void drop_identifiers(Transaction& tx, std::span<const domain::ports::IdentifierMember> members);
std::vector<domain::ports::Link> read_links_of(Transaction& tx, std::span<const domain::Uuid> profiles);
std::optional<domain::ports::Link> read_link_named(Transaction& tx, const domain::Uuid& id);
void write_links(Transaction& tx, std::span<const domain::ports::Link> links);
std::vector<domain::ports::Membership> read_memberships_of_profiles(Transaction& tx,
                                                                    std::span<const domain::Uuid> profiles);
std::vector<domain::ports::Membership> read_memberships_of_customers(Transaction& tx,
                                                                     std::span<const domain::Uuid> customers);
void write_memberships(Transaction& tx, std::span<const domain::ports::Membership> memberships);
std::vector<domain::ports::CustomerState> lock_customers(Transaction& tx, std::span<const domain::Uuid> ids);
void write_redirects(Transaction& tx, std::span<const domain::ports::CustomerState> customers);
/// For readers of the past: from this commit on the ids lead there.
void keep_redirects(Transaction& tx, std::int64_t commit,
                    std::span<const domain::ports::CustomerState> customers);

}  // namespace tributary::postgres
