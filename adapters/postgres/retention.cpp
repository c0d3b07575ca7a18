#include "adapters/postgres/retention.hpp"

#include <array>

#include "adapters/postgres/moments.hpp"
#include "adapters/postgres/row.hpp"
#include "domain/kinds.hpp"

namespace tributary::postgres {

using domain::Uuid;
using domain::ports::PurgedBatch;
using domain::ports::PurgeOrder;
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

// Each in the order of an index, and found again by its place, which no row of these tables ever changes:
// whatever the planner takes the tables for, what is deleted is all that is looked at.
constexpr auto delete_versions = R"sql(
    DELETE FROM history
    WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM history
        WHERE tenant_id = $1 AND kind = $2 AND valid_to <= $3::bigint
        ORDER BY valid_to LIMIT $4::bigint)))sql";

// Those of the horizon's own commit stay, for a position may lie among them.
constexpr auto delete_changes = R"sql(
    DELETE FROM changes
    WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM changes
        WHERE tenant_id = $1 AND commit_no < $2::bigint
        ORDER BY commit_no, ordinal LIMIT $3::bigint)))sql";

// Behind their changes, so that a change always has its commit.
constexpr auto delete_commits = R"sql(
    DELETE FROM commits
    WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM commits
        WHERE tenant_id = $1 AND commit_no < $2::bigint
        ORDER BY commit_no LIMIT $3::bigint)))sql";

// What an id led to until it led elsewhere, which it did at the horizon already.
constexpr auto delete_redirects = R"sql(
    DELETE FROM redirects
    WHERE ctid = ANY(ARRAY(
        SELECT r.ctid FROM redirects r
        WHERE r.tenant_id = $1 AND r.valid_from < $2::bigint
          AND EXISTS (SELECT FROM redirects later
                      WHERE later.tenant_id = r.tenant_id AND later.customer_id = r.customer_id
                        AND later.valid_from > r.valid_from AND later.valid_from <= $2::bigint)
        LIMIT $3::bigint)))sql";

constexpr std::array after_versions = {delete_changes, delete_commits, delete_redirects};

class Retention final : public domain::ports::RetentionStore {
  public:
    explicit Retention(Pool& pool) : pool_(pool) {}

    Task<domain::Result<std::int64_t>> move_horizon(Uuid tenant, std::chrono::seconds kept) override {
        // Not for the disk: writers wait behind it, and no deletion gets there before it.
        return pool_.run({.tenant = tenant, .durable = false},
                         [kept](Transaction& tx) { return postgres::move_horizon(tx, kept); });
    }

    Task<domain::Result<PurgedBatch>> purge(Uuid tenant, PurgeOrder order) override {
        return pool_.run({tenant}, [order](Transaction& tx) { return postgres::purge(tx, order); });
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

PurgedBatch purge(Transaction& tx, const PurgeOrder& order) {
    if (!Row(tx.exec(take_turn, tx.tenant())[0]).boolean(0)) return {};
    const std::int64_t horizon = read_head(tx).horizon;
    if (horizon == 0) return {};
    constexpr auto kinds = names_of(domain::EntityKind{});
    PurgedBatch batch{.stage = order.stage};
    for (; batch.stage < kinds.size() + after_versions.size(); ++batch.stage) {
        const std::size_t room = order.rows - batch.rows;
        const auto deleted =
            batch.stage < kinds.size()
                ? tx.exec(delete_versions, tx.tenant(), kinds.at(batch.stage).name, horizon, room)
                : tx.exec(after_versions.at(batch.stage - kinds.size()), tx.tenant(), horizon, room);
        batch.rows += static_cast<std::size_t>(deleted.affected_rows());
        batch.more = batch.rows >= order.rows;
        if (batch.more) break;
    }
    return batch;
}

std::unique_ptr<domain::ports::RetentionStore> make_retention_store(Pool& pool) {
    return std::make_unique<Retention>(pool);
}

}  // namespace tributary::postgres
