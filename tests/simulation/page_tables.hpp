// The page transaction's port over the tables in memory.
#pragma once

#include "tests/simulation/database.hpp"

namespace tributary::simulation {

/// `now`: the database's clock.
class PageTables final : public domain::ports::PageTransaction {
  public:
    PageTables(Database& database, domain::Timestamp now) : db_(database), now_(now) {}

    template <class T>
    using Many = domain::Result<std::vector<T>>;
    using Uuid = domain::Uuid;
    using StreamRef = domain::ports::StreamRef;

    Many<domain::ports::RecordState> records(const StreamRef& stream,
                                             std::span<const std::string> ids) override;
    Many<domain::ports::RecordState> lock_records(const StreamRef& stream,
                                                  std::span<const std::string> ids) override;
    Many<std::string> record_streams(const Uuid& connection_id) override;
    Many<std::string> live_record_ids(const StreamRef& stream, const std::string& after,
                                      std::size_t limit) override;
    Many<Uuid> write_records(const StreamRef& stream,
                             std::span<const domain::ports::RecordWrite> records) override;
    Many<Uuid> remove_records(const StreamRef& stream, std::span<const std::string> ids) override;

    Many<Uuid> create_entities(std::span<const domain::ports::NewEntity> entities) override;
    Many<domain::ports::EntityState> lock_entities(
        std::span<const domain::ports::EntityAnchor> anchors) override;
    Many<domain::ports::EntityState> lock_existing_entities(std::span<const Uuid> ids) override;
    Many<domain::ports::EntityState> entities(std::span<const Uuid> ids) override;
    Many<domain::ports::EntityState> children(std::span<const Uuid> parents) override;
    Many<domain::ports::Contribution> contributions(std::span<const Uuid> entity_ids) override;
    Many<domain::ports::EntitySource> sources(std::span<const Uuid> entity_ids) override;
    domain::Result<void> write_entities(std::span<const domain::ports::EntityWrite> entities) override;
    Many<domain::ports::AccessRow> access_of_profiles(std::span<const Uuid> profiles) override;
    Many<domain::ports::AccessRow> access_of_targets(std::span<const Uuid> targets) override;

    domain::Result<void> lock_identifiers(std::span<const domain::ports::IdentifierKey> keys) override;
    Many<domain::ports::IdentifierMember> identifier_members(
        std::span<const domain::ports::IdentifierKey> keys) override;
    Many<domain::ports::IdentifierMember> identifiers_of(std::span<const Uuid> profiles) override;
    domain::Result<void> add_identifiers(std::span<const domain::ports::IdentifierMember> members) override;
    domain::Result<void> drop_identifiers(std::span<const domain::ports::IdentifierMember> members) override;
    Many<domain::ports::Link> links_of(std::span<const Uuid> profiles) override;
    domain::Result<std::optional<domain::ports::Link>> link_named(const Uuid& id) override;
    domain::Result<void> write_links(std::span<const domain::ports::Link> links) override;
    Many<domain::ports::Membership> memberships_of_profiles(std::span<const Uuid> profiles) override;
    Many<domain::ports::Membership> memberships_of_customers(std::span<const Uuid> customers) override;
    domain::Result<void> write_memberships(std::span<const domain::ports::Membership> memberships) override;
    Many<domain::ports::CustomerState> lock_customers(std::span<const Uuid> ids) override;
    domain::Result<void> write_redirects(std::span<const domain::ports::CustomerState> customers) override;

    Many<domain::ports::DocumentState> documents(std::span<const Uuid> ids) override;
    domain::Result<domain::ports::Commit> commit_documents(
        const domain::ports::CommitCause& cause,
        std::span<const domain::ports::DocumentWrite> documents) override;
    domain::Result<void> check_fence(const domain::ports::Lease& lease) override;
    domain::Result<void> save_progress(const Uuid& run_id, const std::string& counts,
                                       const std::string& resume) override;
    domain::Result<domain::ports::RemovalDecisions> removal_decisions(const StreamRef& stream) override;
    domain::Result<Uuid> propose_removal(const Uuid& run_id,
                                         const domain::ports::RemovalProposal& proposal) override;
    domain::Result<void> withdraw_proposal(const StreamRef& stream) override;
    domain::Result<void> settle_removals(const StreamRef& stream, std::span<const std::string> keys) override;
    domain::Result<void> assign_self(const Uuid& connection_id, const domain::SelfIds& self) override;
    domain::Result<void> settle_events(const Uuid& connection_id,
                                       std::span<const domain::ports::EventOutcome> outcomes) override;
    domain::Result<void> quarantine(const StreamRef& stream, int fullness,
                                    std::span<const domain::Quarantined> objects) override;
    Many<std::string> quarantined(const StreamRef& stream) override;
    domain::Result<void> release_quarantined(const StreamRef& stream,
                                             std::span<const std::string> hashes) override;
    domain::Result<void> hold_schedule(const Uuid& connection_id) override;
    domain::Result<void> settle_object_read(const domain::ports::ObjectRead& read) override;
    domain::Result<bool> settle_action(const domain::ports::ActionEnd& end) override;
    domain::Result<void> note_action_commit(const domain::Uuid& action) override;

  private:
    template <class Belongs>
    Many<domain::ports::AccessRow> access_where(Belongs belongs) const;
    void replace_access(const RecordKey& key, const domain::ports::RecordWrite& record, std::set<Uuid>& ends);
    void drop_access(const RecordKey& key, std::set<Uuid>& ends);
    void write_document(const domain::ports::DocumentWrite& document, domain::Timestamp at);

    Database& db_;
    domain::Timestamp now_;
};

/// Errc::stale_owner where the lease is not the connection's present one.
domain::Result<void> require_lease(Database& database, const domain::ports::Lease& lease);

}  // namespace tributary::simulation
