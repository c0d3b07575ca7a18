// The store's tables in memory, with the meaning that the real ones have. One transaction at a time; one that
// fails leaves nothing.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "domain/ports/connection_store.hpp"
#include "domain/ports/page_store.hpp"
#include "tests/simulation/table.hpp"

namespace tributary::simulation {

struct RecordKey {
    domain::ports::StreamRef stream;
    std::string provider_id;

    friend auto operator<=>(const RecordKey&, const RecordKey&) = default;
};

struct RecordRow {
    domain::Uuid entity_id;
    bool founds_entity = true;
    int fullness = 0;
    std::string hash;
    std::string raw;
    std::string normalized;
    std::optional<domain::Timestamp> source_updated_at;
    domain::Timestamp changed_at;
    bool removed = false;
};

struct AccessKey {
    RecordKey record;
    domain::Uuid profile_id;
    domain::Uuid target_id;

    friend auto operator<=>(const AccessKey&, const AccessKey&) = default;
};

struct AccessValue {
    domain::EntityKind target_kind = domain::EntityKind::other;
    std::string grant;
    int fullness = 0;

    friend bool operator==(const AccessValue&, const AccessValue&) = default;
};

struct DocumentRow {
    domain::ports::DocumentState state;
    std::optional<domain::Timestamp> deleted_at;
};

struct ConnectionRow {
    domain::ports::ConnectionView view;
    std::string sealed_credentials;
    domain::Health health;
    std::map<std::string, domain::ports::StreamState> streams;
};

struct DueRow {
    std::optional<domain::Timestamp> due_at;
    bool asked_for = false;
    std::optional<domain::Uuid> lease_owner;
    domain::Timestamp lease_until;
    std::int64_t fence = 0;
};

enum class ProposalState { pending, approved };

/// Removals that a run would not make by itself.
struct ProposalRow {
    std::set<std::string> keys;
    ProposalState state = ProposalState::pending;
};

struct RunRow {
    domain::ports::RunView view;
    std::string counts;
    std::string resume;
};

/// What one transaction did, for the checks to judge before it counts.
struct TransactionNotes {
    std::vector<RecordKey> written;
    std::vector<RecordKey> removed;
    /// The lease that was checked last, if any was.
    std::optional<domain::ports::Lease> checked;
    std::optional<domain::Uuid> progress_of;
    /// Runs that were finished, by connection.
    std::optional<domain::Uuid> finished_connection;
    std::vector<domain::ports::StreamState> stream_states;
    std::vector<domain::Uuid> documents;
};

struct Database {
    explicit Database(domain::Uuid the_tenant) : tenant(the_tenant) {}

    domain::Uuid tenant;
    Journal journal;
    Table<RecordKey, RecordRow> records{journal};
    Table<AccessKey, AccessValue> access{journal};
    Table<domain::Uuid, domain::ports::EntityState> entities{journal};
    Table<std::pair<domain::ports::IdentifierKey, domain::Uuid>, bool> identifiers{journal};
    Table<std::pair<domain::Uuid, domain::Uuid>, domain::ports::Link> links{journal};
    Table<domain::Uuid, domain::Uuid> memberships{journal};
    Table<domain::Uuid, domain::ports::CustomerState> customers{journal};
    Table<domain::Uuid, DocumentRow> documents{journal};
    Table<domain::Uuid, ConnectionRow> connections{journal};
    Table<domain::Uuid, DueRow> due{journal};
    Table<domain::Uuid, RunRow> runs{journal};
    /// By the hash of their content.
    Table<RecordKey, bool> quarantined{journal};
    Table<std::pair<domain::ports::StreamRef, domain::Uuid>, ProposalRow> proposals{journal};
    /// The feed head: one row.
    Table<int, domain::ports::Commit> head{journal};
    TransactionNotes notes;

    /// The open run of a connection, or nullptr.
    [[nodiscard]] const RunRow* open_run(const domain::Uuid& connection) const;
    [[nodiscard]] std::size_t live_records(const domain::ports::StreamRef& stream) const;
};

}  // namespace tributary::simulation
