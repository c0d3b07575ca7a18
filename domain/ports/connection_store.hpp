// Connections, their schedule and their runs. Times of leases and due dates are PostgreSQL's own.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/drift.hpp"
#include "domain/error.hpp"
#include "domain/health.hpp"
#include "domain/kinds.hpp"
#include "domain/observation.hpp"
#include "domain/ports/page_store.hpp"
#include "domain/ports/task.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain::ports {

struct NewConnection {
    Uuid id;
    /// Unique within the tenant.
    std::string name;
    std::string provider;
    ProviderEnvironment environment = ProviderEnvironment::production;
    std::string base_url;
    /// Absent: only when asked.
    std::optional<std::chrono::seconds> period;
    /// JSON object text.
    std::string settings;
    /// Made by the sealer.
    std::string sealed_credentials;
};

using domain::ConnectionStatus;

/// New secrets of a connection that exists.
struct ConnectionRepair {
    Uuid id;
    /// Made by the sealer.
    std::string sealed_credentials;
    /// JSON object text; absent: they stay.
    std::optional<std::string> settings;
};

/// How fresh one stream of a connection is.
struct StreamState {
    std::string stream;
    /// When the first page of the last walk was asked for that reached the stream's end: what changed at the
    /// provider before is stored, what changed later need not be.
    std::optional<Timestamp> fetched_at;
    /// The same of the last walk that proved itself complete.
    std::optional<Timestamp> verified_complete_at;
    /// complete, partial, unproven, denied, paused; empty before the first walk. A paused stream is not asked
    /// for until an operator resumes its connection.
    std::string verdict;
    /// Why it is not complete, for a person.
    std::string reason;
    /// JSON text: evidence of the verdict (pages, count, total, restarts ...).
    std::string evidence;
    /// The newest change at the provider that a walk has seen, by the provider's own clock where it has one.
    std::optional<Timestamp> changed_at = std::nullopt;
};

struct ConnectionView {
    Uuid id;
    std::string name;
    std::string provider;
    ProviderEnvironment environment = ProviderEnvironment::production;
    std::string base_url;
    std::optional<std::chrono::seconds> period;
    std::string settings;
    ConnectionStatus status = ConnectionStatus::pending;
    /// Why the status is what it is; empty where there is nothing to say.
    std::string status_reason;
    /// What the operator does now; empty where nothing is to be done.
    std::string next_step;
    SelfIds self;
    Timestamp created_at;
    std::optional<Timestamp> next_due_at;
    std::optional<Uuid> last_run_id;
    std::vector<StreamState> streams;
};

/// A run as the API shows it.
struct RunView {
    Uuid id;
    Uuid connection_id;
    /// schedule, manual, first, on_demand (a reader wanted it fresh), replay (which asks the provider
    /// nothing).
    std::string cause;
    /// queued, running, succeeded, partial, failed, held.
    std::string state;
    Timestamp requested_at;
    std::optional<Timestamp> started_at;
    std::optional<Timestamp> finished_at;
    /// JSON text: per stream what was asked, got, changed, and why it stopped.
    std::string report;
    /// Errc name and sentence, where it failed.
    std::string error_code;
    std::string error_detail;
};

/// A connection whose run this process now owns.
struct ClaimedRun {
    Uuid tenant;
    ConnectionView connection;
    /// What the last run found, also where an operator's decision covers it.
    Health health;
    std::string sealed_credentials;
    Uuid run_id;
    std::string run_cause;
    /// True where the run was under way when its owner lost it; `counts` and `resume` are then its last
    /// progress.
    bool resumed = false;
    /// As save_progress() kept them; empty before the first page.
    std::string counts;
    std::string resume;
    std::int64_t fence = 0;
};

struct RunOutcome {
    /// succeeded, partial, failed, held.
    std::string state;
    std::string report;
    std::string error_code;
    std::string error_detail;
    Health health = {.status = ConnectionStatus::active};
    std::vector<StreamState> streams;
    /// Kept a fingerprint an entry, however many runs see it.
    std::vector<DriftSighting> drift = {};
    /// From now; absent: only when asked.
    std::optional<std::chrono::milliseconds> next_due_in;
};

/// One object that would be removed; its entity has the document to look at.
struct ProposedKey {
    std::string provider_id;
    std::optional<Uuid> entity_id;
};

struct ProposedStream {
    std::string stream;
    /// pending, approved, rejected, superseded.
    std::string state;
    /// Objects of the stream, and how many of them would go.
    std::int64_t live = 0;
    std::int64_t candidates = 0;
    Timestamp created_at;
    std::optional<std::string> decided_by;
    std::optional<Timestamp> decided_at;
    /// The first 1,000 that are not removed or seen again yet.
    std::vector<ProposedKey> keys;
};

/// Removals that a run would not make by itself.
struct ProposalView {
    Uuid run_id;
    Uuid connection_id;
    std::vector<ProposedStream> streams;
};

struct ProposalDecision {
    Uuid run_id;
    bool approve = false;
    /// Who decided, for the record.
    std::string by;
};

struct ConnectionQuery {
    /// Connections with a greater id only.
    std::optional<Uuid> after;
    std::size_t limit = 50;
};

struct RunQuery {
    std::optional<Uuid> connection_id;
    /// Newest first; runs before this one.
    std::optional<Uuid> before;
    std::size_t limit = 50;
};

class ConnectionStore {
  public:
    virtual ~ConnectionStore() = default;

    /// Errc::conflict where the name is taken. Due at once; the first run is queued with it.
    virtual Task<Result<ConnectionView>> create_connection(Uuid tenant, NewConnection connection) = 0;
    /// Ordered by id.
    virtual Task<Result<std::vector<ConnectionView>>> connections(Uuid tenant) = 0;
    /// The same, up to `limit` of them.
    virtual Task<Result<std::vector<ConnectionView>>> connection_page(Uuid tenant, ConnectionQuery query) = 0;
    virtual Task<Result<ConnectionView>> connection(Uuid tenant, Uuid id) = 0;
    /// Destroys the secrets at once and queues the withdrawal of the records (a run with cause
    /// `connection_removed`).
    virtual Task<Result<void>> remove_connection(Uuid tenant, Uuid id) = 0;
    /// Deletes the row and its runs once its records are withdrawn.
    virtual Task<Result<void>> forget_connection(Uuid tenant, Lease lease) = 0;
    /// Replaces credentials, and settings where given; the connection is pending and due at once. A run under
    /// way begins anew with them; the ids that the owner of the credentials is known by are learned anew.
    virtual Task<Result<ConnectionView>> repair_connection(Uuid tenant, ConnectionRepair repair) = 0;
    /// Resuming a disabled connection allows one more try with its present credentials; resuming one with
    /// paused streams lets these be walked again, at once.
    virtual Task<Result<void>> pause_connection(Uuid tenant, Uuid id, bool paused) = 0;

    /// Queues a run and makes the connection due; where one is queued or running, returns that one.
    virtual Task<Result<RunView>> request_run(Uuid tenant, Uuid connection_id, std::string cause) = 0;
    virtual Task<Result<RunView>> run(Uuid tenant, Uuid id) = 0;
    virtual Task<Result<std::vector<RunView>>> runs(Uuid tenant, RunQuery query) = 0;

    /// Of this run, or of an earlier one that this run found to stand unchanged. Errc::not_found where there
    /// is none.
    virtual Task<Result<ProposalView>> proposal(Uuid tenant, Uuid run) = 0;
    /// Approval queues a run that removes what is still missing then; rejected objects stay until they are
    /// seen again. Errc::conflict where nothing waits any more.
    virtual Task<Result<ProposalView>> decide_proposal(Uuid tenant, ProposalDecision decision) = 0;

    /// Takes up to `limit` due connections of one provider, of any tenant, under a lease.
    virtual Task<Result<std::vector<ClaimedRun>>> claim_due(Uuid owner, std::string provider,
                                                            std::size_t limit,
                                                            std::chrono::seconds lease) = 0;
    /// The same for one connection; empty where it is not due or somebody else has it.
    virtual Task<Result<std::vector<ClaimedRun>>> claim_connection(Uuid owner, Uuid connection,
                                                                   std::chrono::seconds lease) = 0;
    /// Errc::stale_owner where another owner took over.
    virtual Task<Result<void>> renew_lease(Lease lease, std::chrono::seconds duration) = 0;
    /// Writes run, health and stream states and gives the lease back. Where a text of the outcome cannot be
    /// stored, the run still ends: without its report, with the code `internal`.
    virtual Task<Result<void>> finish_run(Uuid tenant, Lease lease, Uuid run_id, RunOutcome outcome) = 0;
    /// How long until the next connection of the provider is due; nothing where none is.
    virtual Task<Result<std::optional<std::chrono::milliseconds>>> next_due(std::string provider) = 0;
};

}  // namespace tributary::domain::ports
