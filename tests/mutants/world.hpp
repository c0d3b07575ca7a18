// Two tenants with the same ids. Whatever one of them has, the other has under the same keys, and says
// something else in it: a statement that forgets its tenant finds the other's rows too. Where only one of the
// two rows can count, the other tenant's comes first.
#pragma once

#include <set>
#include <string>
#include <unordered_set>

#include "domain/uuid.hpp"
#include "tests/support/database.hpp"

namespace tributary::mutants {

/// Ours asks; theirs is never to be seen. Nobody is a tenant that does not exist.
inline const domain::Uuid ours = *domain::parse_uuid("f0000000-0000-5000-8000-000000000001");
inline const domain::Uuid theirs = *domain::parse_uuid("10000000-0000-5000-8000-000000000002");
inline const domain::Uuid nobody = *domain::parse_uuid("80000000-0000-5000-8000-000000000003");

/// A connection of both, of which the schedule has one row. Of `shared` it is ours, of `lent` theirs.
inline const domain::Uuid shared = domain::named_uuid({}, "shared");
inline const domain::Uuid lent = domain::named_uuid({}, "lent");
/// The runs of `shared`, the later one being the greater.
inline const domain::Uuid first_run = *domain::parse_uuid("01900000-0000-7000-8000-000000000001");
inline const domain::Uuid second_run = *domain::parse_uuid("01900000-0000-7000-8000-000000000002");
/// An API key of each.
inline const domain::Uuid key = domain::named_uuid({}, "key");

/// Marks what is theirs.
inline constexpr auto foreign_mark = "foreign";

/// Row-level security is on, as it always is, or off.
enum class Wall { up, down };

/// A role that owns nothing, as the service may have one.
inline constexpr auto service_role = "tributary_test_service";
void make_service_role(const tests::Database& database);

/// `sql` with $ours, $theirs, $shared, $lent, $run1 and $run2 as literals in their places.
std::string filled(std::string sql);

class World {
  public:
    explicit World(Wall wall);

    [[nodiscard]] const tests::Database& database() const { return database_; }

    /// SQL for one row a table: its name, a hash of what ours has in it, and one of what theirs has. A row
    /// that was locked has another one, too.
    [[nodiscard]] const std::string& hashes() const { return hashes_; }

    /// The tables that row-level security is about.
    [[nodiscard]] const std::set<std::string>& walled_tables() const { return walled_tables_; }

    /// `text` without what differs from run to run: the present time, and ids that were made just now.
    [[nodiscard]] std::string settled(const std::string& text) const;

  private:
    tests::Database database_;
    std::string hashes_;
    /// Every id that stands anywhere in it.
    std::unordered_set<std::string> known_ids_;
    std::set<std::string> walled_tables_;
};

}  // namespace tributary::mutants
