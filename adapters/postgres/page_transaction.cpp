#include "adapters/postgres/page_transaction.hpp"

#include <exception>
#include <utility>

#include "adapters/postgres/action_queue.hpp"
#include "adapters/postgres/documents.hpp"
#include "adapters/postgres/entities.hpp"
#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/identity.hpp"
#include "adapters/postgres/lease.hpp"
#include "adapters/postgres/object_reads.hpp"
#include "adapters/postgres/progress.hpp"
#include "adapters/postgres/proposals.hpp"
#include "adapters/postgres/quarantine.hpp"
#include "adapters/postgres/records.hpp"
#include "adapters/postgres/translate_error.hpp"
#include "adapters/postgres/webhooks.hpp"

namespace tributary::postgres {

namespace {

using namespace domain::ports;
using domain::Result;
using domain::SelfIds;
using domain::Uuid;

template <class T>
using Many = Result<std::vector<T>>;

class StoredPage final : public PageTransaction {
  public:
    explicit StoredPage(Transaction& transaction) : tx_(transaction) {}

    Many<RecordState> records(const StreamRef& stream, std::span<const std::string> ids) override {
        return guarded([&] { return read_records(tx_, stream, ids); });
    }

    Many<RecordState> lock_records(const StreamRef& stream, std::span<const std::string> ids) override {
        return guarded([&] { return postgres::lock_records(tx_, stream, ids); });
    }

    Many<std::string> record_streams(const Uuid& connection_id) override {
        return guarded([&] { return read_record_streams(tx_, connection_id); });
    }

    Many<std::string> live_record_ids(const StreamRef& stream, const std::string& after,
                                      std::size_t limit) override {
        return guarded([&] { return read_live_record_ids(tx_, stream, after, limit); });
    }

    Many<Uuid> write_records(const StreamRef& stream, std::span<const RecordWrite> records) override {
        return guarded([&] { return postgres::write_records(tx_, stream, records); });
    }

    Many<Uuid> remove_records(const StreamRef& stream, std::span<const std::string> ids) override {
        return guarded([&] { return postgres::remove_records(tx_, stream, ids); });
    }

    Many<Uuid> create_entities(std::span<const NewEntity> entities) override {
        return guarded([&] { return postgres::create_entities(tx_, entities); });
    }

    Many<EntityState> lock_entities(std::span<const EntityAnchor> anchors) override {
        return guarded([&] { return postgres::lock_entities(tx_, anchors); });
    }

    Many<EntityState> lock_existing_entities(std::span<const Uuid> ids) override {
        return guarded([&] { return postgres::lock_existing_entities(tx_, ids); });
    }

    Many<EntityState> entities(std::span<const Uuid> ids) override {
        return guarded([&] { return read_entities(tx_, ids); });
    }

    Many<EntityState> children(std::span<const Uuid> parents) override {
        return guarded([&] { return read_children(tx_, parents); });
    }

    Many<Contribution> contributions(std::span<const Uuid> entity_ids) override {
        return guarded([&] { return read_contributions(tx_, entity_ids); });
    }

    Many<EntitySource> sources(std::span<const Uuid> entity_ids) override {
        return guarded([&] { return read_sources(tx_, entity_ids); });
    }

    Result<void> write_entities(std::span<const EntityWrite> entities) override {
        return guarded([&] { postgres::write_entities(tx_, entities); });
    }

    Many<AccessRow> access_of_profiles(std::span<const Uuid> profiles) override {
        return guarded([&] { return read_access_of_profiles(tx_, profiles); });
    }

    Many<AccessRow> access_of_targets(std::span<const Uuid> targets) override {
        return guarded([&] { return read_access_of_targets(tx_, targets); });
    }

    Result<void> lock_identifiers(std::span<const IdentifierKey> keys) override {
        return guarded([&] { postgres::lock_identifiers(tx_, keys); });
    }

    Many<IdentifierMember> identifier_members(std::span<const IdentifierKey> keys) override {
        return guarded([&] { return read_identifier_members(tx_, keys); });
    }

    Many<IdentifierMember> identifiers_of(std::span<const Uuid> profiles) override {
        return guarded([&] { return read_identifiers_of(tx_, profiles); });
    }

    Result<void> add_identifiers(std::span<const IdentifierMember> members) override {
        return guarded([&] { postgres::add_identifiers(tx_, members); });
    }

    Result<void> drop_identifiers(std::span<const IdentifierMember> members) override {
        return guarded([&] { postgres::drop_identifiers(tx_, members); });
    }

    Many<Link> links_of(std::span<const Uuid> profiles) override {
        return guarded([&] { return read_links_of(tx_, profiles); });
    }

    Result<std::optional<Link>> link_named(const Uuid& id) override {
        return guarded([&] { return read_link_named(tx_, id); });
    }

    Result<void> write_links(std::span<const Link> links) override {
        return guarded([&] { postgres::write_links(tx_, links); });
    }

    Many<Membership> memberships_of_profiles(std::span<const Uuid> profiles) override {
        return guarded([&] { return read_memberships_of_profiles(tx_, profiles); });
    }

    Many<Membership> memberships_of_customers(std::span<const Uuid> customers) override {
        return guarded([&] { return read_memberships_of_customers(tx_, customers); });
    }

    Result<void> write_memberships(std::span<const Membership> memberships) override {
        return guarded([&] { postgres::write_memberships(tx_, memberships); });
    }

    Many<CustomerState> lock_customers(std::span<const Uuid> ids) override {
        return guarded([&] { return postgres::lock_customers(tx_, ids); });
    }

    Result<void> write_redirects(std::span<const CustomerState> customers) override {
        return guarded([&] {
            postgres::write_redirects(tx_, customers);
            redirected_.insert(redirected_.end(), customers.begin(), customers.end());
        });
    }

    Many<DocumentState> documents(std::span<const Uuid> ids) override {
        return guarded([&] { return read_documents(tx_, ids); });
    }

    Result<Commit> commit_documents(const CommitCause& cause,
                                    std::span<const DocumentWrite> documents) override {
        return guarded([&] {
            const Commit commit = postgres::commit_documents(tx_, cause, documents);
            keep_redirects(tx_, commit.number, std::exchange(redirected_, {}));
            look_after_actions(tx_, documents, cause.run_id);
            return commit;
        });
    }

    Result<void> check_fence(const Lease& lease) override {
        return guarded([&] { require_lease(tx_, lease); });
    }

    Result<void> save_progress(const Uuid& run_id, const std::string& counts,
                               const std::string& resume) override {
        return guarded([&] { postgres::save_progress(tx_, run_id, counts, resume); });
    }

    Result<RemovalDecisions> removal_decisions(const StreamRef& stream) override {
        return guarded([&] { return read_removal_decisions(tx_, stream); });
    }

    Result<Uuid> propose_removal(const Uuid& run_id, const RemovalProposal& proposal) override {
        return guarded([&] { return postgres::propose_removal(tx_, run_id, proposal); });
    }

    Result<void> withdraw_proposal(const StreamRef& stream) override {
        return guarded([&] { postgres::withdraw_proposal(tx_, stream); });
    }

    Result<void> settle_removals(const StreamRef& stream, std::span<const std::string> keys) override {
        return guarded([&] { postgres::settle_removals(tx_, stream, keys); });
    }

    Result<void> assign_self(const Uuid& connection_id, const SelfIds& self) override {
        return guarded([&] { postgres::assign_self(tx_, connection_id, self); });
    }

    Result<void> quarantine(const StreamRef& stream, int fullness,
                            std::span<const domain::Quarantined> objects) override {
        return guarded([&] { postgres::quarantine(tx_, stream, fullness, objects); });
    }

    Many<std::string> quarantined(const StreamRef& stream) override {
        return guarded([&] { return read_quarantined(tx_, stream); });
    }

    Result<void> release_quarantined(const StreamRef& stream, std::span<const std::string> hashes) override {
        return guarded([&] { postgres::release_quarantined(tx_, stream, hashes); });
    }

    Result<void> hold_schedule(const Uuid& connection_id) override {
        return guarded([&] { hold_idle_schedule(tx_, connection_id); });
    }

    Result<void> settle_object_read(const ObjectRead& read) override {
        return guarded([&] { postgres::settle_object_read(tx_, read); });
    }

    Result<bool> settle_action(const ActionEnd& end) override {
        return guarded([&] { return postgres::settle_action(tx_, end); });
    }

    Result<void> note_action_commit(const Uuid& action) override {
        return guarded([&] { postgres::note_action_commit(tx_, action); });
    }

    Result<void> settle_events(const Uuid& connection_id, std::span<const EventOutcome> outcomes) override {
        return guarded([&] { postgres::settle_events(tx_, connection_id, outcomes); });
    }

    /// What the first failed statement threw; the transaction is dead from then on.
    [[nodiscard]] const std::exception_ptr& thrown() const { return thrown_; }

  private:
    template <class Body>
    auto guarded(Body body) -> Result<decltype(body())> {
        try {
            if constexpr (std::is_void_v<decltype(body())>) {
                body();
                return {};
            } else {
                return body();
            }
        } catch (...) {
            if (!thrown_) thrown_ = std::current_exception();
            return std::unexpected(translate_current_exception().error);
        }
    }

    Transaction& tx_;
    /// They wait for the number of the commit.
    std::vector<CustomerState> redirected_;
    std::exception_ptr thrown_;
};

}  // namespace

void run_page_job(Transaction& transaction, const std::function<Result<void>(PageTransaction&)>& job) {
    StoredPage page(transaction);
    Result<void> outcome;
    try {
        outcome = job(page);
    } catch (...) {
        if (!page.thrown()) throw;
    }
    if (page.thrown()) {
        std::rethrow_exception(page.thrown());
    }
    if (!outcome) {
        throw Failure{std::move(outcome.error())};
    }
}

}  // namespace tributary::postgres
