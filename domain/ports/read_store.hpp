// What the API reads: finished documents by key, by page and by customer; nothing is composed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/error.hpp"
#include "domain/kinds.hpp"
#include "domain/ports/page_store.hpp"
#include "domain/ports/task.hpp"

namespace tributary::domain::ports {

struct StoredDocument {
    Uuid id;
    EntityKind kind = EntityKind::other;
    std::string body;
    std::int64_t version = 0;
    std::vector<StreamRef> sources;
    bool removed = false;
};

/// A customer id that was merged away answers with where it went.
struct DocumentRead {
    std::optional<StoredDocument> document;
    std::optional<Uuid> redirect_to;
};

struct ListQuery {
    EntityKind kind = EntityKind::other;
    /// Documents with a greater id only.
    std::optional<Uuid> after;
    std::size_t limit = 50;
    bool include_removed = false;
    /// The moment to read; absent: now. A walk passes the number its first page came with.
    std::optional<std::int64_t> commit;
    /// Only what this customer's document names at that moment; a removed customer has nothing.
    std::optional<Uuid> customer;
};

struct DocumentPage {
    std::vector<StoredDocument> documents;
    bool more = false;
    /// The moment this page shows.
    Commit moment;
};

struct OverviewRead {
    DocumentRead customer;
    std::vector<StoredDocument> accounts;
    std::vector<StoredDocument> sub_accounts;
    std::vector<StoredDocument> account_groups;
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

class ReadStore {
  public:
    virtual ~ReadStore() = default;
    virtual Task<Result<DocumentRead>> document(Uuid tenant, EntityKind kind, Uuid id) = 0;
    virtual Task<Result<DocumentPage>> list(Uuid tenant, ListQuery query) = 0;
    virtual Task<Result<OverviewRead>> overview(Uuid tenant, Uuid customer) = 0;
    /// Of every stream of every connection of the tenant.
    virtual Task<Result<std::vector<Freshness>>> freshness(Uuid tenant) = 0;
    /// The same as it bears on one document: where its objects were read by themselves since the last walk,
    /// that is when they were fetched.
    virtual Task<Result<std::vector<Freshness>>> freshness_of(Uuid tenant, Uuid document) = 0;
};

}  // namespace tributary::domain::ports
