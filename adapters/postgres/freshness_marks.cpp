#include "adapters/postgres/freshness_marks.hpp"

namespace tributary::postgres {

namespace {

constexpr auto upsert_mark = R"sql(
    INSERT INTO freshness_marks (tenant_id, subject_id, marked_at)
    VALUES ($1::uuid, $2::uuid, $3::timestamptz)
    ON CONFLICT (tenant_id, subject_id) DO UPDATE SET
        marked_at = greatest(freshness_marks.marked_at + interval '1 microsecond', excluded.marked_at)
    RETURNING marked_at)sql";

}  // namespace

void mark_freshness(Transaction& tx, const domain::Uuid& subject) {
    const auto rows = tx.exec(upsert_mark, tx.tenant(), subject, tx.now());
    tx.news().marks.push_back({subject, Row(rows[0]).time(0)});
}

}  // namespace tributary::postgres
