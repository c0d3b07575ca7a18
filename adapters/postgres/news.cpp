#include "adapters/postgres/news.hpp"

#include "adapters/postgres/moments.hpp"

namespace tributary::postgres {

using domain::ports::Commit;
using domain::ports::FreshnessMark;
using domain::ports::News;
using domain::ports::NewsQuery;

namespace {

constexpr auto select_commit_time = "SELECT at FROM commits WHERE tenant_id = $1 AND commit_no = $2::bigint";

constexpr auto select_changed = R"sql(
    SELECT document_id, commit_no FROM changes
    WHERE tenant_id = $1 AND commit_no > $2::bigint
    ORDER BY commit_no
    LIMIT $3::bigint)sql";

// Half a minute is longer than any transaction that marks lives.
constexpr auto select_marks = R"sql(
    SELECT subject_id, marked_at FROM freshness_marks
    WHERE tenant_id = $1 AND marked_at > $2::timestamptz - interval '30 seconds')sql";

/// Whether what came behind this commit is kept, and the commit is of this past.
bool goes_on_from(Transaction& tx, const FeedHead& head, const Commit& commit) {
    if (commit == head.newest) return true;
    if (commit.number >= head.newest.number || commit.number < head.horizon) return false;
    if (commit.number == 0) return true;
    const auto rows = tx.exec(select_commit_time, tx.tenant(), commit.number);
    return !rows.empty() && Row(rows[0]).time(0) == commit.at;
}

}  // namespace

News read_news(Transaction& tx, const NewsQuery& query) {
    const FeedHead head = read_head(tx);
    News news{.head = head.newest, .looked_at = tx.now()};
    if (query.after && !goes_on_from(tx, head, *query.after)) {
        news.whole = false;
        return news;
    }
    if (query.after && query.after->number < head.newest.number) {
        news.changed = collect(tx.exec(select_changed, tx.tenant(), query.after->number, query.limit + 1),
                               [](const Row& row) { return News::Changed{row.uuid(0), row.number(1)}; });
        news.whole = news.changed.size() <= query.limit;
    }
    news.marks = collect(tx.exec(select_marks, tx.tenant(), query.looked_at.value_or(tx.now())),
                         [](const Row& row) { return FreshnessMark{row.uuid(0), row.time(1)}; });
    return news;
}

}  // namespace tributary::postgres
