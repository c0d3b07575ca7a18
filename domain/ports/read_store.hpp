// What the API reads: finished documents by key, by page and by customer; nothing is composed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/error.hpp"
#include "domain/kinds.hpp"
#include "domain/ports/news_store.hpp"
#include "domain/ports/page_store.hpp"
#include "domain/ports/task.hpp"

namespace tributary::domain::ports {

struct StoredDocument {
    Uuid id;
    EntityKind kind = EntityKind::other;
    /// Empty where it is `known`.
    std::string body;
    std::int64_t version = 0;
    /// When this version came to be: the time of its commit.
    Timestamp changed_at;
    std::vector<StreamRef> sources;
    bool removed = false;
    /// The reader has this version already.
    bool known = false;
};

/// A version alone may be another one after a restore; of one time there is but one.
struct KnownVersion {
    std::int64_t version = 0;
    Timestamp changed_at;

    friend bool operator==(const KnownVersion&, const KnownVersion&) = default;
};

/// Versions of a document that its reader has; their bodies are not read.
struct KnownVersions {
    std::vector<KnownVersion> versions = {};
    /// Whatever there is.
    bool any = false;
};

struct DocumentQuery {
    EntityKind kind = EntityKind::other;
    Uuid id;
    KnownVersions known = {};
};

/// A customer id that was merged away answers with where it went.
struct DocumentRead {
    std::optional<StoredDocument> document;
    std::optional<Uuid> redirect_to;
    /// What was read is of this moment.
    Commit moment = {};
};

enum class ListOrder { id, created_at, changed_at };

/// Where a document stands in a list: what the list is ordered by, then the id.
struct ListPlace {
    /// Microseconds since the epoch by created_at, the commit by changed_at, 0 by id.
    std::int64_t key = 0;
    Uuid id;
};

struct ListQuery {
    EntityKind kind = EntityKind::other;
    ListOrder order = ListOrder::id;
    bool descending = false;
    /// Documents behind this place only.
    std::optional<ListPlace> after;
    std::size_t limit = 50;
    bool include_removed = false;
    /// Documents that have all of these (domain/facet.hpp).
    std::vector<std::string> facets = {};
    /// Documents whose last change is of this time or later.
    std::optional<Timestamp> changed_since;
    /// Only what this customer's document names at that moment; a removed customer has nothing.
    std::optional<Uuid> customer;
};

struct DocumentPage {
    std::vector<StoredDocument> documents;
    bool more = false;
    /// Of the last document.
    std::optional<ListPlace> last;
    /// The moment this page shows.
    Commit moment;
};

/// Several documents at one moment.
struct BatchRead {
    /// In the order asked; nothing where there is none. A merged customer is the one it became.
    std::vector<std::optional<StoredDocument>> documents;
    Commit moment;
};

struct OverviewRead {
    /// Of all of it.
    Commit moment;
    DocumentRead customer;
    std::vector<StoredDocument> accounts;
    std::vector<StoredDocument> sub_accounts;
    std::vector<StoredDocument> account_groups;
};

struct TargetName {
    Uuid customer;
    EntityKind kind = EntityKind::other;
    std::string name;
};

/// One object as a provider sent it.
struct RawItem {
    StreamRef source;
    std::string provider;
    /// The object's key within its stream.
    std::string provider_id;
    /// When this payload was first stored.
    Timestamp recorded_at;
    std::optional<Timestamp> source_updated_at;
    /// JSON text, as it is stored.
    std::string raw;
};

struct RawRead {
    /// What was read is of this moment.
    Commit moment = {};
    /// Whether there is such a document; one that was removed has no items.
    bool exists = false;
    /// As of a DocumentRead.
    std::optional<Uuid> redirect_to;
    /// The present payloads that the document is made of, by connection, stream and key.
    std::vector<RawItem> items;
};

/// Freshness of one stream (of a connection that never walked one: an empty stream name), with what a reader
/// needs to judge it.
struct Freshness {
    StreamRef source;
    std::string provider;
    std::optional<Timestamp> fetched_at;
    std::optional<Timestamp> verified_complete_at;
    std::optional<Timestamp> next_due_at;
    /// The connection's health (names of ConnectionStatus) and why.
    std::string status;
    std::string reason;
    /// What the operator does about it; may be empty.
    std::string next_step;
    /// The newest change at the provider that a walk of the stream has seen.
    std::optional<Timestamp> changed_at = std::nullopt;
    /// Of the last walk, as in StreamState.
    std::string verdict = {};
};

/// One document of the present with all that an answer tells of it.
struct DocumentLoad {
    std::optional<StoredDocument> document;
    /// As of a DocumentRead.
    std::optional<Uuid> redirect_to;
    /// What was read is of this moment.
    Commit moment = {};
    /// Of every stream of the connections that the document is made of, as freshness_of() tells it.
    std::vector<Freshness> freshness = {};
    /// Of these connections and of the document itself; at the epoch where there is none.
    std::vector<FreshnessMark> marks = {};
};

class ReadStore {
  public:
    virtual ~ReadStore() = default;
    virtual Task<Result<DocumentLoad>> load(Uuid tenant, EntityKind kind, Uuid id) = 0;
    virtual Task<Result<DocumentRead>> document(ReadAt at, DocumentQuery query) = 0;
    virtual Task<Result<BatchRead>> batch(ReadAt at, EntityKind kind, std::vector<Uuid> ids) = 0;
    virtual Task<Result<DocumentPage>> list(ReadAt at, ListQuery query) = 0;
    /// Which commit that is.
    virtual Task<Result<Commit>> moment(ReadAt at) = 0;
    /// The customer that an id of a customer, merged or not, or of a profile stands for.
    virtual Task<Result<std::optional<Uuid>>> customer_named(ReadAt at, Uuid id) = 0;
    /// What of this kind the customer has access to under this name: our id, the provider's own, or
    /// "provider:provider_id".
    virtual Task<Result<std::vector<Uuid>>> targets_named(ReadAt at, TargetName target) = 0;
    /// Of a customer: of the profiles it has now. Of the present alone.
    virtual Task<Result<RawRead>> raw(ReadAt at, EntityKind kind, Uuid id) = 0;
    virtual Task<Result<OverviewRead>> overview(ReadAt at, Uuid customer) = 0;
    /// Of every stream of every connection of the tenant.
    virtual Task<Result<std::vector<Freshness>>> freshness(Uuid tenant) = 0;
    /// The same as it bears on one document: where its objects were read by themselves since the last walk,
    /// that is when they were fetched.
    virtual Task<Result<std::vector<Freshness>>> freshness_of(Uuid tenant, Uuid document) = 0;
};

}  // namespace tributary::domain::ports
