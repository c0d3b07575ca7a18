#include "adapters/postgres/retention.hpp"

#include "adapters/postgres/moments.hpp"
#include "adapters/postgres/row.hpp"

namespace tributary::postgres {

using domain::Uuid;
using domain::ports::PurgedBatch;
using domain::ports::Task;

namespace {

constexpr auto select_last_kept =
    "SELECT coalesce(max(commit_no), 0) FROM commits WHERE tenant_id = $1 AND at <= $2::timestamptz";

// Writers wait for this row, which is why it is taken in a transaction that does nothing else.
constexpr auto update_horizon = R"sql(
    UPDATE feed_head SET horizon = $2::bigint WHERE tenant_id = $1 AND horizon < $2::bigint RETURNING horizon)sql";

// For this transaction. A lock on a row would take the right to change what is written once, which a role
// that only serves does not have.
constexpr auto take_turn = "SELECT pg_try_advisory_xact_lock(hashtextextended('retention ' || $1, 0))";

// Each version that ended has the change that ended it. The changes of the horizon's own commit stay, for a
// position may lie among them; what they ended goes.
constexpr auto delete_changes = R"sql(
    WITH doomed AS MATERIALIZED (
        SELECT commit_no, ordinal, kind, document_id FROM changes
        WHERE tenant_id = $1 AND commit_no < $2::bigint
        ORDER BY commit_no, ordinal LIMIT $3::bigint
    ), versions AS (
        DELETE FROM history h USING doomed d
        WHERE h.tenant_id = $1 AND h.kind = d.kind AND h.document_id = d.document_id AND h.valid_to = d.commit_no
        RETURNING 1
    ), gone AS (
        DELETE FROM changes c USING doomed d
        WHERE c.tenant_id = $1 AND c.commit_no = d.commit_no AND c.ordinal = d.ordinal
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM gone), (SELECT count(*) FROM versions))sql";

constexpr auto delete_versions_at_horizon = R"sql(
    WITH doomed AS MATERIALIZED (
        SELECT h.kind, h.document_id, h.valid_from FROM changes c
        JOIN history h ON h.tenant_id = c.tenant_id AND h.kind = c.kind AND h.document_id = c.document_id
        WHERE c.tenant_id = $1 AND c.commit_no = $2::bigint AND h.valid_to = $2::bigint
        LIMIT $3::bigint
    )
    DELETE FROM history h USING doomed d
    WHERE h.tenant_id = $1 AND h.kind = d.kind AND h.document_id = d.document_id AND h.valid_from = d.valid_from)sql";

// Behind their changes, so that a change always has its commit.
constexpr auto delete_commits = R"sql(
    WITH doomed AS MATERIALIZED (
        SELECT commit_no FROM commits
        WHERE tenant_id = $1 AND commit_no < $2::bigint
        ORDER BY commit_no LIMIT $3::bigint
    )
    DELETE FROM commits c USING doomed d WHERE c.tenant_id = $1 AND c.commit_no = d.commit_no)sql";

// What an id led to until it led elsewhere, which it did at the horizon already.
constexpr auto delete_redirects = R"sql(
    WITH doomed AS MATERIALIZED (
        SELECT r.customer_id, r.valid_from FROM redirects r
        WHERE r.tenant_id = $1 AND r.valid_from < $2::bigint
          AND EXISTS (SELECT FROM redirects later
                      WHERE later.tenant_id = r.tenant_id AND later.customer_id = r.customer_id
                        AND later.valid_from > r.valid_from AND later.valid_from <= $2::bigint)
        LIMIT $3::bigint
    )
    DELETE FROM redirects r USING doomed d
    WHERE r.tenant_id = $1 AND r.customer_id = d.customer_id AND r.valid_from = d.valid_from)sql";

class Retention final : public domain::ports::RetentionStore {
  public:
    explicit Retention(Pool& pool) : pool_(pool) {}

    Task<domain::Result<std::int64_t>> move_horizon(Uuid tenant, std::chrono::seconds kept) override {
        // Not for the disk: writers wait behind it, and no deletion gets there before it.
        return pool_.run({.tenant = tenant, .durable = false},
                         [kept](Transaction& tx) { return postgres::move_horizon(tx, kept); });
    }

    Task<domain::Result<PurgedBatch>> purge(Uuid tenant, std::size_t changes) override {
        return pool_.run({tenant}, [changes](Transaction& tx) { return postgres::purge(tx, changes); });
    }

  private:
    Pool& pool_;
};

}  // namespace

std::int64_t move_horizon(Transaction& tx, std::chrono::seconds kept) {
    const std::int64_t last = Row(tx.exec(select_last_kept, tx.tenant(), tx.now() - kept)[0]).number(0);
    const std::int64_t horizon = read_head(tx).horizon;
    if (last <= horizon) return horizon;
    const auto moved = tx.exec(update_horizon, tx.tenant(), last);
    // Somebody else moved it meanwhile.
    return moved.empty() ? read_head(tx).horizon : Row(moved[0]).number(0);
}

PurgedBatch purge(Transaction& tx, std::size_t changes) {
    if (!Row(tx.exec(take_turn, tx.tenant())[0]).boolean(0)) return {};
    const std::int64_t horizon = read_head(tx).horizon;
    if (horizon == 0) return {};
    PurgedBatch batch;
    const auto ended = tx.exec(delete_changes, tx.tenant(), horizon, changes);
    const auto gone = static_cast<std::size_t>(Row(ended[0]).number(0));
    batch.rows = gone + static_cast<std::size_t>(Row(ended[0]).number(1));
    if (gone == changes) {
        batch.more = true;
        return batch;
    }
    for (const char* statement : {delete_versions_at_horizon, delete_commits, delete_redirects}) {
        const auto deleted = tx.exec(statement, tx.tenant(), horizon, changes).affected_rows();
        batch.rows += static_cast<std::size_t>(deleted);
        batch.more = batch.more || static_cast<std::size_t>(deleted) == changes;
    }
    return batch;
}

std::unique_ptr<domain::ports::RetentionStore> make_retention_store(Pool& pool) {
    return std::make_unique<Retention>(pool);
}

}  // namespace tributary::postgres
