#include "adapters/postgres/proposals.hpp"

#include <algorithm>

#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/freshness_marks.hpp"
#include "adapters/postgres/runs.hpp"
#include "domain/content_hash.hpp"

namespace tributary::postgres {

using domain::Errc;
using domain::Uuid;
using domain::ports::ProposalDecision;
using domain::ports::ProposalView;
using domain::ports::RemovalDecisions;
using domain::ports::RemovalProposal;
using domain::ports::StreamRef;

namespace {

constexpr auto select_decisions = R"sql(
    SELECT p.state, k.provider_id
    FROM proposals p JOIN proposal_keys k ON k.tenant_id = p.tenant_id AND k.run_id = p.run_id AND k.stream = p.stream
    WHERE p.tenant_id = $1 AND p.connection_id = $2 AND p.stream = $3 AND p.state IN ('approved', 'rejected')
    ORDER BY k.provider_id)sql";

constexpr auto select_pending = R"sql(
    SELECT run_id, keys_hash FROM proposals
    WHERE tenant_id = $1 AND connection_id = $2 AND stream = $3 AND state = 'pending')sql";

constexpr auto found_again = R"sql(
    UPDATE proposals SET last_run_id = $4::uuid, live = $5::bigint
    WHERE tenant_id = $1 AND run_id = $2 AND stream = $3)sql";

constexpr auto forget_pending_keys = R"sql(
    DELETE FROM proposal_keys k USING proposals p
    WHERE k.tenant_id = $1 AND p.tenant_id = k.tenant_id AND p.run_id = k.run_id AND p.stream = k.stream
      AND p.connection_id = $2 AND p.stream = $3 AND p.state = 'pending')sql";

constexpr auto supersede = R"sql(
    UPDATE proposals SET state = 'superseded', decided_at = $4::timestamptz
    WHERE tenant_id = $1 AND connection_id = $2 AND stream = $3 AND state = 'pending')sql";

constexpr auto forget_own = "DELETE FROM proposals WHERE tenant_id = $1 AND run_id = $2 AND stream = $3";

constexpr auto insert_proposal = R"sql(
    INSERT INTO proposals (tenant_id, run_id, stream, connection_id, last_run_id, live, candidates, keys_hash, state,
                           created_at)
    VALUES ($1::uuid, $2::uuid, $3, $4::uuid, $2::uuid, $5::bigint, $6::bigint, $7, 'pending', $8::timestamptz))sql";

constexpr auto insert_keys = R"sql(
    INSERT INTO proposal_keys (tenant_id, run_id, stream, provider_id)
    SELECT $1::uuid, $2::uuid, $3, k FROM unnest($4::text[]) AS k)sql";

constexpr auto delete_settled = R"sql(
    DELETE FROM proposal_keys k USING proposals p
    WHERE k.tenant_id = $1 AND p.tenant_id = k.tenant_id AND p.run_id = k.run_id AND p.stream = k.stream
      AND p.connection_id = $2 AND p.stream = $3 AND p.state IN ('approved', 'rejected')
      AND k.provider_id = ANY($4::text[]))sql";

constexpr auto select_waiting = R"sql(
    SELECT run_id FROM proposals WHERE tenant_id = $1 AND connection_id = $2 AND state = 'pending'
    ORDER BY run_id DESC LIMIT 1)sql";

constexpr auto select_approved_since = R"sql(
    SELECT EXISTS (
        SELECT FROM proposals p, runs r
        WHERE p.tenant_id = $1 AND p.connection_id = $2 AND p.state = 'approved'
          AND r.tenant_id = $1 AND r.run_id = $3 AND p.decided_at > r.started_at
          AND EXISTS (SELECT FROM proposal_keys k
                      WHERE k.tenant_id = $1 AND k.run_id = p.run_id AND k.stream = p.stream)))sql";

constexpr auto select_proposal = R"sql(
    SELECT run_id, connection_id, stream, state, live, candidates, created_at, decided_by, decided_at
    FROM proposals
    WHERE tenant_id = $1 AND (run_id = $2 OR last_run_id = $2)
    ORDER BY run_id, stream)sql";

// What a person can look through; the count tells of the rest.
constexpr auto select_keys = R"sql(
    SELECT k.provider_id, r.entity_id
    FROM proposal_keys k
    LEFT JOIN records r ON r.tenant_id = k.tenant_id AND r.connection_id = $4 AND r.stream = k.stream
                       AND r.provider_id = k.provider_id
    WHERE k.tenant_id = $1 AND k.run_id = $2 AND k.stream = $3
    ORDER BY k.provider_id
    LIMIT 1000)sql";

constexpr auto decide = R"sql(
    UPDATE proposals SET state = $3, decided_by = $4, decided_at = $5::timestamptz
    WHERE tenant_id = $1 AND (run_id = $2 OR last_run_id = $2) AND state = 'pending'
    RETURNING 1)sql";

constexpr auto no_longer_held = R"sql(
    UPDATE connections SET health = 'active', health_reason = '', next_step = ''
    WHERE tenant_id = $1 AND connection_id = $2 AND health = 'held')sql";

std::string hash_of(std::span<const std::string> keys) {
    std::vector<std::string> sorted(keys.begin(), keys.end());
    std::ranges::sort(sorted);
    std::string all;
    for (const std::string& key : sorted) {
        all += key + '\x1e';
    }
    return domain::content_hash(all);
}

}  // namespace

RemovalDecisions read_removal_decisions(Transaction& tx, const StreamRef& stream) {
    RemovalDecisions decisions;
    for (const auto& fields : tx.exec(select_decisions, tx.tenant(), stream.connection_id, stream.stream)) {
        const Row row(fields);
        (row.view(0) == "approved" ? decisions.approved : decisions.rejected).push_back(row.text(1));
    }
    decisions.waiting = !tx.exec(select_pending, tx.tenant(), stream.connection_id, stream.stream).empty();
    return decisions;
}

Uuid propose_removal(Transaction& tx, const Uuid& run_id, const RemovalProposal& proposal) {
    const StreamRef& stream = proposal.stream;
    const std::string hash = hash_of(proposal.keys);
    const auto pending = tx.exec(select_pending, tx.tenant(), stream.connection_id, stream.stream);
    if (!pending.empty() && Row(pending[0]).view(1) == hash) {
        // Who looks at it now must still be able to decide when the next run has found the same.
        const Uuid first = Row(pending[0]).uuid(0);
        tx.exec(found_again, tx.tenant(), first, stream.stream, run_id, proposal.live);
        return first;
    }
    withdraw_proposal(tx, stream);
    tx.exec(forget_own, tx.tenant(), run_id, stream.stream);
    tx.exec(insert_proposal, tx.tenant(), run_id, stream.stream, stream.connection_id, proposal.live,
            proposal.keys.size(), hash, tx.now());
    tx.exec(insert_keys, tx.tenant(), run_id, stream.stream, array_of(proposal.keys));
    return run_id;
}

void withdraw_proposal(Transaction& tx, const StreamRef& stream) {
    tx.exec(forget_pending_keys, tx.tenant(), stream.connection_id, stream.stream);
    tx.exec(supersede, tx.tenant(), stream.connection_id, stream.stream, tx.now());
}

void settle_removals(Transaction& tx, const StreamRef& stream, std::span<const std::string> keys) {
    tx.exec(delete_settled, tx.tenant(), stream.connection_id, stream.stream, array_of(keys));
}

std::optional<Uuid> waiting_proposal(Transaction& tx, const Uuid& connection_id) {
    const auto rows = tx.exec(select_waiting, tx.tenant(), connection_id);
    return rows.empty() ? std::nullopt : std::optional(Row(rows[0]).uuid(0));
}

bool approved_since(Transaction& tx, const Uuid& connection_id, const Uuid& run_id) {
    return Row(tx.exec(select_approved_since, tx.tenant(), connection_id, run_id)[0]).boolean(0);
}

ProposalView read_proposal(Transaction& tx, const Uuid& run_id) {
    ProposalView view;
    for (const auto& fields : tx.exec(select_proposal, tx.tenant(), run_id)) {
        const Row row(fields);
        view.run_id = row.uuid(0);
        view.connection_id = row.uuid(1);
        domain::ports::ProposedStream stream{row.text(2), row.text(3),     row.number(4),   row.number(5),
                                             row.time(6), row.opt_text(7), row.opt_time(8), {}};
        for (const auto& key :
             tx.exec(select_keys, tx.tenant(), view.run_id, stream.stream, view.connection_id)) {
            stream.keys.push_back({Row(key).text(0), Row(key).opt_uuid(1)});
        }
        view.streams.push_back(std::move(stream));
    }
    if (view.streams.empty()) {
        refuse(Errc::not_found, "this run proposes no removal");
    }
    return view;
}

ProposalView decide_proposal(Transaction& tx, domain::ports::Random& random,
                             const ProposalDecision& decision) {
    const Uuid connection = read_proposal(tx, decision.run_id).connection_id;
    lock_schedule(tx, connection);
    if (tx.exec(decide, tx.tenant(), decision.run_id, decision.approve ? "approved" : "rejected", decision.by,
                tx.now())
            .empty()) {
        refuse(Errc::conflict,
               "The proposal was decided before, or a newer run superseded it; look at it again.");
    }
    if (!waiting_proposal(tx, connection)) {
        tx.exec(no_longer_held, tx.tenant(), connection);
        mark_freshness(tx, connection);
    }
    if (decision.approve) {
        request_run(tx, random, connection, "approved_removals");
    }
    return read_proposal(tx, decision.run_id);
}

}  // namespace tributary::postgres
