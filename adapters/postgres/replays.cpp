#include "adapters/postgres/replays.hpp"

#include "adapters/postgres/connection_rows.hpp"
#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/lease.hpp"
#include "adapters/postgres/runs.hpp"
#include "adapters/postgres/versions.hpp"

namespace tributary::postgres {

namespace {

using namespace domain::ports;
using domain::Errc;
using domain::Result;
using domain::Uuid;

// What a worker may claim, and nothing that one holds.
const std::string take_lease = R"sql(
    UPDATE due_queue
    SET lease_owner = $2::uuid, lease_until = now() + $3::bigint * interval '1 second', fence = )sql" +
                               std::string(next_fence) + R"sql(
    WHERE connection_id = $1 AND (lease_until IS NULL OR lease_until < now())
    RETURNING fence)sql";

constexpr auto insert_replay = R"sql(
    INSERT INTO runs (tenant_id, run_id, connection_id, cause, state, requested_at, started_at, counts, resume, report,
                      error_code, error_detail)
    VALUES ($1::uuid, $2::uuid, $3::uuid, 'replay', 'running', $4::timestamptz, $4::timestamptz, '', '', '', '', ''))sql";

constexpr auto close_dead = R"sql(
    UPDATE runs
    SET state = 'failed', finished_at = $3::timestamptz, error_code = 'cancelled',
        error_detail = 'The replay did not reach its end. What it committed stays; replay again to go on.'
    WHERE tenant_id = $1 AND connection_id = $2 AND state = 'running' AND cause = 'replay')sql";

constexpr auto close_replay = R"sql(
    UPDATE runs
    SET state = $3, finished_at = $4::timestamptz, report = $5, error_code = $6, error_detail = $7
    WHERE tenant_id = $1 AND run_id = $2 AND state = 'running' AND cause = 'replay')sql";

constexpr auto give_lease_back = R"sql(
    UPDATE due_queue SET lease_owner = NULL, lease_until = NULL
    WHERE connection_id = $1 AND tenant_id = $2 AND fence = $3 AND lease_owner IS NOT NULL
    RETURNING 1)sql";

class Replays final : public ReplayStore {
  public:
    Replays(Pool& pool, Random& random) : pool_(pool), random_(random) {}

    Task<Result<std::vector<std::string>>> streams(Uuid tenant, Uuid connection) override {
        return pool_.run({tenant},
                         [connection](Transaction& tx) { return read_version_streams(tx, connection); });
    }

    Task<Result<std::vector<StoredVersion>>> present_versions(Uuid tenant, VersionQuery query) override {
        return pool_.run({tenant}, [query = std::move(query)](Transaction& tx) {
            return read_present_versions(tx, query);
        });
    }

    Task<Result<std::vector<StoredVersion>>> past_versions(Uuid tenant, VersionQuery query) override {
        return pool_.run(
            {tenant}, [query = std::move(query)](Transaction& tx) { return read_past_versions(tx, query); });
    }

    Task<Result<ReplayClaim>> begin_replay(Uuid tenant, Uuid connection, Uuid owner,
                                           std::chrono::seconds lease) override {
        return pool_.run({tenant}, [this, connection, claimant = Claimant{owner, lease}](Transaction& tx) {
            return postgres::begin_replay(tx, random_, claimant, connection);
        });
    }

    Task<Result<void>> end_replay(Uuid tenant, ReplayClaim claim, ReplayOutcome outcome) override {
        return pool_.run({tenant}, [claim, outcome = std::move(outcome)](Transaction& tx) {
            postgres::end_replay(tx, claim, outcome);
        });
    }

  private:
    Pool& pool_;
    Random& random_;
};

}  // namespace

std::unique_ptr<ReplayStore> make_replay_store(Pool& pool, Random& random) {
    return std::make_unique<Replays>(pool, random);
}

ReplayClaim begin_replay(Transaction& tx, Random& random, const Claimant& claimant, const Uuid& connection) {
    lock_schedule(tx, connection);
    if (load_connection(tx, connection).removing) {
        refuse(Errc::conflict, "The connection is being removed.");
    }
    const auto taken = tx.exec(take_lease, connection, claimant.owner, claimant.lease.count());
    if (taken.empty()) {
        refuse(Errc::unavailable, "A run of the connection is under way. Replay again once it has ended.");
    }
    close_dead_replay(tx, connection);
    const ReplayClaim claim{{connection, Row(taken[0]).number(0)}, new_run_id(tx, random)};
    tx.exec(insert_replay, tx.tenant(), claim.run_id, connection, tx.now());
    return claim;
}

void end_replay(Transaction& tx, const ReplayClaim& claim, const ReplayOutcome& outcome) {
    const auto returned = tx.exec(give_lease_back, claim.lease.connection_id, tx.tenant(), claim.lease.fence);
    if (returned.empty()) {
        refuse(Errc::stale_owner, "another owner took the connection over; nothing was written");
    }
    tx.exec(close_replay, tx.tenant(), claim.run_id, outcome.state, tx.now(), outcome.report,
            outcome.error_code, outcome.error_detail);
}

void close_dead_replay(Transaction& tx, const domain::Uuid& connection_id) {
    tx.exec(close_dead, tx.tenant(), connection_id, tx.now());
}

}  // namespace tributary::postgres
