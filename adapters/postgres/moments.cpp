#include "adapters/postgres/moments.hpp"

#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/row.hpp"

namespace tributary::postgres {

using domain::Errc;
using domain::Position;
using domain::Timestamp;
using domain::ports::Commit;
using domain::ports::ReadAt;

namespace {

const Statement select_head{"select_head",
                            "SELECT commit_no, at, horizon FROM feed_head WHERE tenant_id = $1"};

constexpr auto select_commit_time = "SELECT at FROM commits WHERE tenant_id = $1 AND commit_no = $2::bigint";

// The time of the question is PostgreSQL's, as those of commits are.
constexpr auto select_last_at = R"sql(
    SELECT coalesce(max(commit_no), 0), $2::timestamptz > clock_timestamp() FROM commits
    WHERE tenant_id = $1 AND at <= $2::timestamptz)sql";

[[noreturn]] void refuse_undone() {
    refuse(Errc::expired,
           "This is of before the database was restored, and did not happen any more; start over with the "
           "present.");
}

/// The commit of this number, which is there: commit 0 is the empty beginning and has no row.
Commit commit_of(Transaction& tx, const FeedHead& head, std::int64_t number) {
    if (number == head.newest.number) return head.newest;
    if (number == 0) return {};
    const auto rows = tx.exec(select_commit_time, tx.tenant(), number);
    if (rows.empty()) {
        refuse(Errc::internal, "a commit that is kept has no row");
    }
    return {number, Row(rows[0]).time(0)};
}

void require_kept(Transaction& tx, std::int64_t commit, const FeedHead& head) {
    if (commit >= head.horizon) return;
    const Commit oldest = commit_of(tx, head, head.horizon);
    refuse(Errc::expired, "This moment is older than what is kept; commit " + std::to_string(oldest.number) +
                              " of " + domain::to_text(oldest.at) +
                              " is the oldest that can be read. Start over with the present: read the lists, "
                              "and follow the feed from "
                              "their Tributary-Position.");
}

Commit commit_numbered(Transaction& tx, const FeedHead& head, std::int64_t number) {
    if (number < 0 || number > head.newest.number) {
        refuse(Errc::invalid_input,
               "There is no such commit yet; the newest is " + std::to_string(head.newest.number) + ".",
               "/as_of");
    }
    require_kept(tx, number, head);
    return commit_of(tx, head, number);
}

Commit commit_at(Transaction& tx, const FeedHead& head, Timestamp at) {
    const auto rows = tx.exec(select_last_at, tx.tenant(), at);
    if (Row(rows[0]).boolean(1)) {
        refuse(Errc::invalid_input, "as_of lies in the future; leave it out for the present.", "/as_of");
    }
    const std::int64_t number = Row(rows[0]).number(0);
    require_kept(tx, number, head);
    return commit_of(tx, head, number);
}

Commit commit_told(Transaction& tx, const FeedHead& head, const Commit& told) {
    if (told.number > head.newest.number) refuse_undone();
    require_kept(tx, told.number, head);
    const Commit found = commit_of(tx, head, told.number);
    if (told.number != 0 && found != told) refuse_undone();
    return found;
}

}  // namespace

FeedHead read_head(Transaction& tx) {
    const auto rows = tx.exec(select_head, tx.tenant());
    if (rows.empty()) {
        refuse(Errc::not_found, "this tenant does not exist");
    }
    return {{Row(rows[0]).number(0), Row(rows[0]).time(1)}, Row(rows[0]).number(2)};
}

void require_of_this_feed(Transaction& tx, const FeedHead& head, const Position& position) {
    if (position.commit > head.newest.number) refuse_undone();
    require_kept(tx, position.commit, head);
    // The empty beginning is the same in every past.
    if (position.commit == 0) return;
    if (domain::mark_of(commit_of(tx, head, position.commit).at) != position.mark) refuse_undone();
}

Commit moment_of(Transaction& tx, const ReadAt& at) {
    const FeedHead head = read_head(tx);
    // What is older than all that is kept is older than the answer.
    if (at.not_before && at.not_before->commit >= head.horizon) {
        require_of_this_feed(tx, head, *at.not_before);
    }
    if (!at.moment) return head.newest;
    const Commit moment = std::visit(
        [&]<class M>(const M& wanted) {
            if constexpr (std::is_same_v<M, Timestamp>) {
                return commit_at(tx, head, wanted);
            } else if constexpr (std::is_same_v<M, Commit>) {
                return commit_told(tx, head, wanted);
            } else {
                return commit_numbered(tx, head, wanted);
            }
        },
        *at.moment);
    return moment;
}

}  // namespace tributary::postgres
