// What the view needs of the store while it commits a page: set-based reads and writes inside one
// transaction. Blocking; runs on a database thread. Every method is one or a few statements over the whole
// set, and every statement is confined to the transaction's tenant. A method fails only as a whole: its Error
// aborts the transaction.
//
// Locks are taken in one order everywhere, each class sorted by id, so that no two transactions wait for each
// other: entities that are profiles, identifiers, customers, other entities, the lease, the feed head. What a
// lock protects is read in a statement after the one that took it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/error.hpp"
#include "domain/ids.hpp"
#include "domain/observation.hpp"
#include "domain/ports/identity_rows.hpp"
#include "domain/ports/moment.hpp"
#include "domain/ports/task.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain::ports {

/// What is stored of one provider object in one stream of one connection.
struct RecordState {
    std::string provider_id;
    Uuid entity_id;
    /// 64 hex digits over raw, normalized and access.
    std::string hash;
    std::optional<Timestamp> source_updated_at;
    bool removed = false;
};

struct AccessWrite {
    Uuid profile_id;
    EntityKind target_kind = EntityKind::other;
    Uuid target_id;
    /// JSON object: level, provider_level, role, provider_role, permissions; absent members are missing.
    std::string grant;
};

struct RecordWrite {
    std::string provider_id;
    Uuid entity_id;
    bool founds_entity = true;
    int fullness = 0;
    std::string hash;
    /// JSON texts.
    std::string raw;
    std::string normalized;
    std::optional<Timestamp> source_updated_at;
    std::vector<AccessWrite> access;
    /// The cause and run_id of the commit that writes it.
    std::string cause = {};
    Uuid run_id = {};
    /// This transaction looked and found nothing under the key, not even a tombstone.
    bool is_new = false;
};

/// The name of an entity, enough to make its row before anything is known of it.
struct EntityAnchor {
    Uuid id;
    EntityKind kind = EntityKind::other;
    std::string provider;
    ProviderEnvironment environment = ProviderEnvironment::other;
    std::string provider_id;
};

struct EntityState {
    EntityAnchor anchor;
    /// The composed object as JSON text; nothing while the entity is only referred to, or was removed.
    std::optional<std::string> normalized;
    /// The account group of an account, the account of a sub-account.
    std::optional<Uuid> parent;
};

/// An entity as its first record makes it.
struct NewEntity {
    EntityAnchor anchor;
    std::optional<std::string> normalized;
    std::optional<Uuid> parent;
};

struct EntityWrite {
    Uuid id;
    std::optional<std::string> normalized;
    std::optional<Uuid> parent;
};

/// A live record as it bears on its entity.
struct Contribution {
    Uuid entity_id;
    Uuid connection_id;
    std::string stream;
    std::string provider_id;
    bool founds_entity = true;
    int fullness = 0;
    std::string normalized;
    std::optional<Timestamp> source_updated_at;
    /// When the record last changed here; the tie-breaker of "newest" where the provider has no update time.
    Timestamp changed_at;
};

/// Who says something of an entity.
struct EntitySource {
    Uuid entity_id;
    Uuid connection_id;
    std::string stream;
};

/// A grant as stored, with where it came from.
struct AccessRow {
    Uuid profile_id;
    EntityKind target_kind = EntityKind::other;
    Uuid target_id;
    std::string grant;
    int fullness = 0;
    Uuid connection_id;
    std::string stream;
};

struct StreamRef {
    Uuid connection_id;
    std::string stream;

    friend auto operator<=>(const StreamRef&, const StreamRef&) = default;
};

/// What operators decided about missing objects of a stream, and whether a proposal waits for them.
struct RemovalDecisions {
    std::vector<std::string> approved;
    std::vector<std::string> rejected;
    bool waiting = false;
};

/// More removals than a run may make by itself.
struct RemovalProposal {
    StreamRef stream;
    /// How many objects the stream has, these included.
    std::size_t live = 0;
    std::vector<std::string> keys;
};

struct DocumentState {
    Uuid id;
    EntityKind kind = EntityKind::other;
    /// The finished text, stamp included (domain/document.hpp).
    std::string body;
    std::int64_t version = 0;
    Timestamp created_at;
    bool removed = false;
    std::vector<StreamRef> sources = {};
    std::vector<std::string> facets = {};
};

/// A document as it should be after this transaction.
struct DocumentWrite {
    Uuid id;
    EntityKind kind = EntityKind::other;
    /// JSON object text without the stamp.
    std::string content;
    bool removed = false;
    /// What the API reports freshness of.
    std::vector<StreamRef> sources;
    /// What lists choose by (domain/facet.hpp), in any order.
    std::vector<std::string> facets;
    /// JSON text of the fields that differ (domain/change.hpp).
    std::string diff;
    /// Customers that the change bears on, before or after it.
    std::vector<Uuid> customers;
    /// As read by documents(); absent for a new document.
    std::optional<DocumentState> before;
};

/// One document, as far as one stream says something of it.
struct ObjectKey {
    Uuid document;
    StreamRef source;

    friend auto operator<=>(const ObjectKey&, const ObjectKey&) = default;
};

/// The right to read the objects of a key by themselves.
struct ObjectRead {
    ObjectKey key;
    std::int64_t claim = 0;
    /// The fence of the connection when the read began.
    std::int64_t fence = 0;
    /// When the read began, on PostgreSQL's clock, which is before anything was sent: what it brings is as
    /// fresh as that.
    Timestamp began_at;
};

/// What became of a stored webhook event.
struct EventOutcome {
    std::string event_id;
    /// applied, stale, hint or poison.
    std::string state;
    /// Why, for a person; empty where there is nothing to say.
    std::string reason;
};

/// Who holds a connection; checked before anything commits.
struct Lease {
    Uuid connection_id;
    std::int64_t fence = 0;
};

/// Who carries out an action; checked before anything of it is written.
struct ActionLease {
    Uuid action;
    std::int64_t claim = 0;
};

/// How far an action has come.
struct ActionEnd {
    ActionLease lease;
    /// accepted, succeeded or failed.
    std::string state;
    std::string error_code = {};
    std::string error_detail = {};
    std::string object_id = {};
    /// What the provider says of the objects concerned is to be committed, as of this connection's fence;
    /// absent where it says nothing, or somebody had the connection's lease.
    std::optional<Lease> effect = std::nullopt;
    /// Where the effect is not committed, a run of the connection is to bring it.
    bool run_owed = false;
    /// Of one that is accepted: when it is looked at again.
    std::chrono::seconds pause{0};
    /// How long its key stands for it from its end on, at least.
    std::chrono::seconds key_lasts{24 * 3600};
};

struct CommitCause {
    /// "run", "removal", "connection_removed", "replay", "operator", "webhook", "on_demand", "action".
    std::string kind;
    /// Of webhook events, and of objects read on demand: names this applying of some of them. Of an action
    /// its id.
    Uuid run_id;
    /// Absent for work that no lease covers (an operator's).
    std::optional<Lease> lease;
};

/// Objects that are kept in quarantine of one stream of a connection; what comes beyond is counted alone.
inline constexpr std::size_t most_quarantined = 10'000;

class PageTransaction {
  public:
    virtual ~PageTransaction() = default;

    // Records of one stream of one connection.
    virtual Result<std::vector<RecordState>> records(const StreamRef& stream,
                                                     std::span<const std::string> ids) = 0;
    /// The same of those that live, locked until the transaction ends: before any other lock.
    virtual Result<std::vector<RecordState>> lock_records(const StreamRef& stream,
                                                          std::span<const std::string> ids) = 0;
    /// Streams of which the connection has live records.
    virtual Result<std::vector<std::string>> record_streams(const Uuid& connection_id) = 0;
    /// Up to `limit` live keys after `after`, in byte order (COLLATE "C").
    virtual Result<std::vector<std::string>> live_record_ids(const StreamRef& stream,
                                                             const std::string& after, std::size_t limit) = 0;
    /// Inserts or replaces records, their raw payloads and their access rows. Returns the profiles and
    /// targets whose access differs now: both ends of every access row that was added, removed or changed.
    /// Errc::conflict where somebody else wrote a record that was new.
    virtual Result<std::vector<Uuid>> write_records(const StreamRef& stream,
                                                    std::span<const RecordWrite> records) = 0;
    /// Tombstones records and drops their access rows. Returns their entities and both ends of the dropped
    /// rows.
    virtual Result<std::vector<Uuid>> remove_records(const StreamRef& stream,
                                                     std::span<const std::string> ids) = 0;

    // Entities.
    /// Makes the rows that are missing, as they are to be, in id order. Returns the ids of those it made:
    /// nobody else knew of them, and nobody else has them until the transaction ends.
    virtual Result<std::vector<Uuid>> create_entities(std::span<const NewEntity> entities) = 0;
    /// Makes rows that are missing, locks all in id order, and returns all as they are then.
    virtual Result<std::vector<EntityState>> lock_entities(std::span<const EntityAnchor> anchors) = 0;
    /// Locks those that exist, in id order, and returns them.
    virtual Result<std::vector<EntityState>> lock_existing_entities(std::span<const Uuid> ids) = 0;
    virtual Result<std::vector<EntityState>> entities(std::span<const Uuid> ids) = 0;
    /// Accounts of these groups and sub-accounts of these accounts, present ones only.
    virtual Result<std::vector<EntityState>> children(std::span<const Uuid> parents) = 0;
    virtual Result<std::vector<Contribution>> contributions(std::span<const Uuid> entity_ids) = 0;
    /// The connections and streams of the same records, without what they say.
    virtual Result<std::vector<EntitySource>> sources(std::span<const Uuid> entity_ids) = 0;
    virtual Result<void> write_entities(std::span<const EntityWrite> entities) = 0;
    virtual Result<std::vector<AccessRow>> access_of_profiles(std::span<const Uuid> profiles) = 0;
    virtual Result<std::vector<AccessRow>> access_of_targets(std::span<const Uuid> targets) = 0;

    // Identity.
    /// Makes rows that are missing and locks all, sorted.
    virtual Result<void> lock_identifiers(std::span<const IdentifierKey> keys) = 0;
    virtual Result<std::vector<IdentifierMember>> identifier_members(std::span<const IdentifierKey> keys) = 0;
    virtual Result<std::vector<IdentifierMember>> identifiers_of(std::span<const Uuid> profiles) = 0;
    virtual Result<void> add_identifiers(std::span<const IdentifierMember> members) = 0;
    virtual Result<void> drop_identifiers(std::span<const IdentifierMember> members) = 0;
    /// Facts in which at least one of the profiles stands.
    virtual Result<std::vector<Link>> links_of(std::span<const Uuid> profiles) = 0;
    /// The fact that has this id (identity_link_id() in domain/ids), if it is known.
    virtual Result<std::optional<Link>> link_named(const Uuid& id) = 0;
    virtual Result<void> write_links(std::span<const Link> links) = 0;
    virtual Result<std::vector<Membership>> memberships_of_profiles(std::span<const Uuid> profiles) = 0;
    virtual Result<std::vector<Membership>> memberships_of_customers(std::span<const Uuid> customers) = 0;
    virtual Result<void> write_memberships(std::span<const Membership> memberships) = 0;
    /// Makes rows that are missing, locks all in id order, and returns all.
    virtual Result<std::vector<CustomerState>> lock_customers(std::span<const Uuid> ids) = 0;
    /// Where their ids lead now; and, for readers of the past, from this transaction's commit on. Only in one
    /// that commits documents.
    virtual Result<void> write_redirects(std::span<const CustomerState> customers) = 0;

    // Documents and the feed.
    virtual Result<std::vector<DocumentState>> documents(std::span<const Uuid> ids) = 0;
    /// Last of all: checks the fence (Errc::stale_owner), takes the feed head, stamps and writes the
    /// documents, moves the superseded ones to history, and appends a change a document in the order given.
    virtual Result<Commit> commit_documents(const CommitCause& cause,
                                            std::span<const DocumentWrite> documents) = 0;
    /// For a page without changes, or one that changed records only: checks the fence.
    virtual Result<void> check_fence(const Lease& lease) = 0;
    /// Where the run stands after this page: the run's counts and the stream's resume point, as JSON texts.
    /// Touches the run's row alone.
    virtual Result<void> save_progress(const Uuid& run_id, const std::string& counts,
                                       const std::string& resume) = 0;
    /// Ids the provider knows the credentials' owner by; the first ones assigned stick.
    virtual Result<void> assign_self(const Uuid& connection_id, const SelfIds& self) = 0;
    // Removals that operators decide about. Check the fence before changing any.
    virtual Result<RemovalDecisions> removal_decisions(const StreamRef& stream) = 0;
    /// Replaces the stream's waiting proposal, unless that is of the same keys. Returns the run whose
    /// proposal waits then.
    virtual Result<Uuid> propose_removal(const Uuid& run_id, const RemovalProposal& proposal) = 0;
    /// A proposal that waits has lost its ground.
    virtual Result<void> withdraw_proposal(const StreamRef& stream) = 0;
    /// Forgets decisions on these keys: their objects are removed, or were seen again.
    virtual Result<void> settle_removals(const StreamRef& stream, std::span<const std::string> keys) = 0;
    /// Keeps objects without a key, up to most_quarantined of a stream; `fullness` is the stream's. Of
    /// content that is kept already only when it was last seen is written, once an hour.
    virtual Result<void> quarantine(const StreamRef& stream, int fullness,
                                    std::span<const Quarantined> objects) = 0;
    /// Hashes of the stream's quarantined contents: content_hash() of the object as JSON text.
    virtual Result<std::vector<std::string>> quarantined(const StreamRef& stream) = 0;
    /// These contents are kept no more: they came with a key, or come no more.
    virtual Result<void> release_quarantined(const StreamRef& stream,
                                             std::span<const std::string> hashes) = 0;
    /// First of all, for work on a connection's records outside its runs: keeps runs from beginning until the
    /// transaction ends. Errc::conflict where one is under way.
    virtual Result<void> hold_schedule(const Uuid& connection_id) = 0;
    /// First of all, for objects that were read by themselves: as hold_schedule(), and notes that they were
    /// read, as of when that began. Errc::stale_owner where a run or whoever else takes the connection's
    /// lease came between: what was read may be older than what is stored.
    virtual Result<void> settle_object_read(const ObjectRead& read) = 0;
    /// First of all, for what an action did: marks how far it has come, and says whether its effect may be
    /// committed with it: not where somebody had the connection's lease since. Errc::stale_owner where the
    /// action is another owner's.
    virtual Result<bool> settle_action(const ActionEnd& end) = 0;
    /// After the effect: the tenant's latest commit is this action's.
    virtual Result<void> note_action_commit(const Uuid& action) = 0;
    /// Events of the connection that wait no more.
    virtual Result<void> settle_events(const Uuid& connection_id, std::span<const EventOutcome> outcomes) = 0;
};

class PageStore {
  public:
    virtual ~PageStore() = default;
    /// Runs `job` in one transaction of `tenant` on a database thread and commits if it returns a value. The
    /// job may run again, whole, after a serialization failure, a deadlock or its own Errc::conflict (at most
    /// 3 attempts, with jitter), so it must keep nothing from a run that failed. Errc::in_doubt where the
    /// outcome of COMMIT is unknown.
    virtual Task<Result<void>> transact(Uuid tenant, std::function<Result<void>(PageTransaction&)> job) = 0;
};

}  // namespace tributary::domain::ports
