#include "adapters/postgres/changes.hpp"

#include "adapters/postgres/array_text.hpp"
#include "adapters/postgres/moments.hpp"
#include "adapters/postgres/row.hpp"

namespace tributary::postgres {

using domain::EntityKind;
using domain::Position;
using domain::Uuid;
using namespace domain::ports;

namespace {

/// How many changes one reading of the feed looks at: filters that leave nothing must not read all of it.
constexpr std::size_t most_looked_at = 10'000;

// The page first, by the key, and then what belongs to each of its rows: joined the other way round, tables
// of all that ever was would be read for a page of it.
constexpr auto select_changes = R"sql(
    SELECT c.commit_no, c.ordinal, k.at, c.document_id, c.kind, c.operation, c.version, k.cause, k.run_id, c.diff,
           CASE WHEN c.operation <> 'changed' THEN coalesce(
               (SELECT body FROM documents d
                WHERE d.tenant_id = $1 AND d.document_id = c.document_id AND d.commit_no = c.commit_no),
               (SELECT body FROM history h
                WHERE h.tenant_id = $1 AND h.kind = c.kind AND h.document_id = c.document_id
                  AND h.valid_from = c.commit_no)) END,
           (SELECT redirect_to FROM redirects r
            WHERE r.tenant_id = $1 AND r.customer_id = c.document_id AND r.valid_from = c.commit_no)
    FROM (SELECT commit_no, ordinal, document_id, kind, operation, version, diff
          FROM changes
          WHERE tenant_id = $1 AND (commit_no, ordinal) > ($2::bigint, $3::bigint)
            AND (commit_no, ordinal) <= ($4::bigint, $5::bigint)
            AND (cardinality($6::text[]) = 0 OR kind = ANY($6::text[]))
            AND ($7::uuid IS NULL OR $7::uuid = ANY(customers))
          ORDER BY commit_no, ordinal
          LIMIT $8::bigint) AS c
    CROSS JOIN LATERAL (SELECT at, cause, run_id FROM commits
                        WHERE tenant_id = $1 AND commit_no = c.commit_no LIMIT 1) AS k
    ORDER BY c.commit_no, c.ordinal)sql";

// The last of as many changes as are looked at.
constexpr auto select_bound = R"sql(
    SELECT c.commit_no, c.ordinal, k.at
    FROM (SELECT commit_no, ordinal FROM changes
          WHERE tenant_id = $1 AND (commit_no, ordinal) > ($2::bigint, $3::bigint)
          ORDER BY commit_no, ordinal OFFSET $4::bigint LIMIT 1) AS c
    JOIN commits k ON k.tenant_id = $1 AND k.commit_no = c.commit_no)sql";

constexpr std::int64_t behind_all = std::numeric_limits<std::int32_t>::max();

StoredChange change_of(const Row& row) {
    return {{row.number(0), row.time(2)},
            row.number(1),
            row.uuid(3),
            domain::value_named<EntityKind>(row.view(4)),
            row.text(5),
            row.number(6),
            row.text(7),
            row.uuid(8),
            row.text(9),
            row.opt_text(10),
            row.opt_uuid(11)};
}

Position behind(const StoredChange& change) {
    return {change.commit.number, change.ordinal, domain::mark_of(change.commit.at)};
}

/// As far as this reading looks; nothing where it reaches the end.
std::optional<Position> bound_of(Transaction& tx, const ChangeQuery& query, const Position& after) {
    if (query.kinds.empty() && !query.customer) return std::nullopt;
    const auto rows = tx.exec(select_bound, tx.tenant(), after.commit, after.ordinal.value_or(behind_all),
                              most_looked_at - 1);
    if (rows.empty()) return std::nullopt;
    const Row row(rows[0]);
    return Position{row.number(0), row.number(1), domain::mark_of(row.time(2))};
}

class Changes final : public ChangeStore {
  public:
    explicit Changes(Pool& pool) : pool_(pool) {}

    Task<domain::Result<ChangePage>> changes(Uuid tenant, ChangeQuery query) override {
        return pool_.run({.tenant = tenant, .snapshot = true},
                         [query = std::move(query)](Transaction& tx) { return read_changes(tx, query); });
    }

  private:
    Pool& pool_;
};

}  // namespace

ChangePage read_changes(Transaction& tx, const ChangeQuery& query) {
    const FeedHead head = read_head(tx);
    const Position after = query.after.value_or(Position{});
    require_of_this_feed(tx, head, after);
    ChangePage page{{}, position_of(head.newest), false, head.newest};
    const auto bound = bound_of(tx, query, after);
    const Position last = bound.value_or(page.next);
    page.changes =
        collect(tx.exec(select_changes, tx.tenant(), after.commit, after.ordinal.value_or(behind_all),
                        last.commit, last.ordinal.value_or(behind_all),
                        array_of(query.kinds, [](EntityKind kind) { return domain::name_of(kind); }),
                        query.customer, query.limit + 1),
                change_of);
    page.more = bound.has_value();
    if (bound) page.next = *bound;
    if (page.changes.size() > query.limit) {
        page.changes.resize(query.limit);
        page.next = behind(page.changes.back());
        page.more = true;
    }
    return page;
}

std::unique_ptr<ChangeStore> make_change_store(Pool& pool) {
    return std::make_unique<Changes>(pool);
}

}  // namespace tributary::postgres
