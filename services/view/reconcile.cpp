#include "services/view/reconcile.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "domain/try.hpp"
#include "services/view/document_step.hpp"
#include "services/view/entity_text.hpp"
#include "services/view/grouping.hpp"
#include "services/view/identity_step.hpp"

namespace tributary::view {

using domain::EntityKind;
using domain::Errc;
using domain::Result;
using domain::Uuid;
using domain::ports::AccessRow;
using domain::ports::CommitCause;
using domain::ports::Contribution;
using domain::ports::EntityAnchor;
using domain::ports::EntityState;
using domain::ports::EntityWrite;
using domain::ports::NewEntity;
using domain::ports::PageTransaction;
using domain::ports::StreamRef;

namespace {

class Reconciliation {
  public:
    Reconciliation(PageTransaction& transaction, const Uuid& tenant, const CommitCause& cause,
                   const ViewRules& rules)
        : transaction_(transaction), tenant_(tenant), cause_(cause), rules_(rules) {}

    Result<Reconciled> run(const Touched& touched) {
        touched_ = &touched;
        TRIBUTARY_TRY(sort_out());
        TRIBUTARY_TRY(compose_profiles());
        TRIBUTARY_TRY_LET(identity,
                          settle_identity(transaction_, tenant_, changed_profiles_, profiles_, rules_.hash));
        customers_ = std::move(identity.customers);
        const std::vector<LinkFact> links = std::move(identity.links);
        TRIBUTARY_TRY(add_targets_of(std::move(identity.moved_profiles)));
        TRIBUTARY_TRY(lock_targets());
        TRIBUTARY_TRY(compose_targets());
        TRIBUTARY_TRY_LET(documents, propose(links));
        return commit(documents);
    }

    Result<DecidedIdentity> run(const domain::LinkDecision& decision) {
        TRIBUTARY_TRY_LET(identity, settle_decision(transaction_, tenant_, decision, rules_.hash));
        customers_ = identity.outcome.customers;
        TRIBUTARY_TRY(add_targets_of(identity.outcome.moved_profiles));
        TRIBUTARY_TRY(lock_targets());
        TRIBUTARY_TRY(compose_targets());
        TRIBUTARY_TRY_LET(documents, propose(identity.outcome.links));
        TRIBUTARY_TRY(commit(documents));
        return identity;
    }

  private:
    Result<ProposedDocuments> propose(const std::vector<LinkFact>& links) {
        return propose_documents(transaction_, tenant_,
                                 {customers_, target_states_, target_sources_, created_, touched_->granted,
                                  links, rules_.precedence});
    }

    /// Reads what is stored of these entities, once.
    Result<void> look_up(const std::set<Uuid>& ids) {
        std::vector<Uuid> unread;
        std::ranges::set_difference(ids, looked_up_, std::back_inserter(unread));
        if (unread.empty()) {
            return {};
        }
        looked_up_.insert(unread.begin(), unread.end());
        TRIBUTARY_TRY_LET(states, transaction_.entities(unread));
        for (EntityState& state : states) {
            const Uuid id = state.anchor.id;
            known_.emplace(id, std::move(state));
        }
        return {};
    }

    /// Splits what was touched into profiles and targets; an id without a row is a profile nobody has
    /// described yet.
    Result<void> sort_out() {
        recompose_.insert(touched_->recompose.begin(), touched_->recompose.end());
        for (const EntityAnchor& anchor : touched_->anchors) {
            anchors_.emplace(anchor.id, anchor);
        }
        std::set<Uuid> all(touched_->ids.begin(), touched_->ids.end());
        all.insert(recompose_.begin(), recompose_.end());
        for (const auto& [id, anchor] : anchors_) {
            all.insert(id);
        }
        TRIBUTARY_TRY(look_up(all));
        for (const Uuid& id : all) {
            if (const auto known = known_.find(id); known != known_.end()) {
                anchors_.emplace(id, known->second.anchor);
            }
            const auto anchor = anchors_.find(id);
            const bool is_profile = anchor == anchors_.end() || anchor->second.kind == EntityKind::profile;
            (is_profile ? profiles_ : targets_).insert(id);
        }
        return {};
    }

    /// The entity whole, where nobody knew of it and one new record is all that it is made of.
    [[nodiscard]] std::optional<std::string> whole_text(const EntityAnchor& anchor) const {
        const auto record = touched_->first_records.find(anchor.id);
        if (record == touched_->first_records.end() || !recompose_.contains(anchor.id)) {
            return std::nullopt;
        }
        return composed_text(anchor.kind, {&record->second, 1});
    }

    /// Makes those of these entities that nobody knows of; what each is made of is left in `entities` for
    /// those that it made. Whoever is made meanwhile by somebody else is none of them.
    Result<std::vector<NewEntity>> create(std::vector<NewEntity> entities) {
        if (entities.empty()) {
            return entities;
        }
        TRIBUTARY_TRY_LET(made, transaction_.create_entities(entities));
        created_.insert(made.begin(), made.end());
        std::erase_if(entities,
                      [this](const NewEntity& entity) { return !created_.contains(entity.anchor.id); });
        return entities;
    }

    Result<void> compose_profiles() {
        std::vector<NewEntity> whole;
        std::set<Uuid> mine;
        for (const Uuid& id : recompose_) {
            const auto anchor = anchors_.find(id);
            if (anchor == anchors_.end() || anchor->second.kind != EntityKind::profile) {
                continue;
            }
            mine.insert(id);
            if (auto text = known_.contains(id) ? std::nullopt : whole_text(anchor->second)) {
                whole.push_back({anchor->second, std::move(text), std::nullopt});
            }
        }
        TRIBUTARY_TRY_LET(created, create(std::move(whole)));
        for (NewEntity& profile : created) {
            mine.erase(profile.anchor.id);
            changed_profiles_[profile.anchor.id] = {std::nullopt, std::move(profile.normalized)};
        }
        return compose_locked_profiles(mine);
    }

    Result<void> compose_locked_profiles(const std::set<Uuid>& mine) {
        if (mine.empty()) {
            return {};
        }
        std::vector<EntityAnchor> anchors;
        for (const Uuid& id : mine) {
            anchors.push_back(anchors_.at(id));
        }
        TRIBUTARY_TRY_LET(states, transaction_.lock_entities(anchors));
        TRIBUTARY_TRY_LET(rows, transaction_.contributions(listed(mine)));
        auto contributions = grouped(std::move(rows), &Contribution::entity_id);
        std::vector<EntityWrite> writes;
        for (const EntityState& state : states) {
            auto text = composed_text(EntityKind::profile, contributions[state.anchor.id]);
            if (text != state.normalized) {
                changed_profiles_[state.anchor.id] = {state.normalized, text};
                writes.push_back({state.anchor.id, std::move(text), std::nullopt});
            }
        }
        return writes.empty() ? Result<void>() : transaction_.write_entities(writes);
    }

    /// Whoever moved to another customer is named by it in every document they have access to, and whoever
    /// came or went is named by one there, or no more.
    Result<void> add_targets_of(std::set<Uuid> moved) {
        for (const auto& [id, change] : changed_profiles_) {
            if (change.before.has_value() != change.after.has_value()) {
                moved.insert(id);
            }
        }
        if (moved.empty()) {
            return {};
        }
        TRIBUTARY_TRY_LET(rows, transaction_.access_of_profiles(listed(moved)));
        for (const AccessRow& row : rows) {
            targets_.insert(row.target_id);
        }
        return {};
    }

    Result<void> lock_targets() {
        if (targets_.empty()) {
            return {};
        }
        TRIBUTARY_TRY(look_up(targets_));
        // A group lists its accounts, so it changes with them: with those that left it, too.
        std::set<Uuid> left;
        for (const Uuid& id : targets_) {
            const auto state = known_.find(id);
            if (state != known_.end() && state->second.parent &&
                state->second.anchor.kind == EntityKind::account && recompose_.contains(id)) {
                left.insert(*state->second.parent);
            }
        }
        targets_.insert(left.begin(), left.end());
        TRIBUTARY_TRY(create_targets());
        // One call, so that all that exists is locked in one order.
        std::vector<Uuid> others;
        std::ranges::set_difference(targets_, created_, std::back_inserter(others));
        if (others.empty()) {
            return {};
        }
        TRIBUTARY_TRY_LET(locked, transaction_.lock_existing_entities(others));
        for (EntityState& state : locked) {
            const bool moved_meanwhile = state.parent && state.anchor.kind == EntityKind::account &&
                                         recompose_.contains(state.anchor.id) &&
                                         !targets_.contains(*state.parent);
            if (moved_meanwhile) {
                return domain::fail(Errc::conflict,
                                    "The account moved to another group at the same moment; run again.");
            }
            target_states_.emplace(state.anchor.id, std::move(state));
        }
        return {};
    }

    /// In id order and before anything that exists is locked, as everybody does.
    Result<void> create_targets() {
        std::vector<NewEntity> missing;
        for (const Uuid& id : targets_) {
            const auto anchor = anchors_.find(id);
            if (anchor == anchors_.end() || known_.contains(id)) {
                continue;
            }
            auto text = whole_text(anchor->second);
            const auto parent = text ? parent_of(anchor->second, *text) : std::nullopt;
            missing.push_back({anchor->second, std::move(text), parent});
        }
        TRIBUTARY_TRY_LET(created, create(std::move(missing)));
        for (NewEntity& entity : created) {
            const Uuid id = entity.anchor.id;
            if (entity.normalized) {
                whole_.insert(id);
                const Contribution& record = touched_->first_records.at(id);
                target_sources_[id] = {{record.connection_id, record.stream}};
            }
            target_states_.emplace(
                id, EntityState{std::move(entity.anchor), std::move(entity.normalized), entity.parent});
        }
        return {};
    }

    Result<void> compose_targets() {
        std::vector<Uuid> composed;
        std::vector<Uuid> merely_named;
        for (const auto& [id, state] : target_states_) {
            if (!whole_.contains(id)) {
                (recompose_.contains(id) ? composed : merely_named).push_back(id);
            }
        }
        if (!merely_named.empty()) {
            TRIBUTARY_TRY_LET(sources, transaction_.sources(merely_named));
            for (domain::ports::EntitySource& source : sources) {
                target_sources_[source.entity_id].insert({source.connection_id, std::move(source.stream)});
            }
        }
        if (composed.empty()) {
            return {};
        }
        TRIBUTARY_TRY_LET(rows, transaction_.contributions(composed));
        auto contributions = grouped(std::move(rows), &Contribution::entity_id);
        std::vector<EntityWrite> writes;
        for (const Uuid& id : composed) {
            EntityState& state = target_states_.at(id);
            for (const Contribution& contribution : contributions[id]) {
                target_sources_[id].insert({contribution.connection_id, contribution.stream});
            }
            auto text = composed_text(state.anchor.kind, contributions[id]);
            const auto parent = text ? parent_of(state.anchor, *text) : std::nullopt;
            if (text != state.normalized || parent != state.parent) {
                state.normalized = text;
                state.parent = parent;
                writes.push_back({id, std::move(text), parent});
            }
        }
        return writes.empty() ? Result<void>() : transaction_.write_entities(writes);
    }

    [[nodiscard]] std::optional<Uuid> parent_of(const EntityAnchor& anchor, const std::string& text) const {
        const bool of_account = anchor.kind == EntityKind::account;
        if (!of_account && anchor.kind != EntityKind::sub_account) {
            return std::nullopt;
        }
        const auto named = of_account ? account_group_in(text) : account_in(text);
        const auto kind = of_account ? EntityKind::account_group : EntityKind::account;
        return named ? std::optional(entity_id({tenant_, anchor.provider, anchor.environment}, kind, *named))
                     : std::nullopt;
    }

    Result<Reconciled> commit(const ProposedDocuments& proposed) {
        if (!proposed.writes.empty()) {
            TRIBUTARY_TRY(transaction_.commit_documents(cause_, proposed.writes));
        } else if (cause_.lease) {
            TRIBUTARY_TRY(transaction_.check_fence(*cause_.lease));
        }
        return proposed.counts;
    }

    PageTransaction& transaction_;
    const Uuid& tenant_;
    const CommitCause& cause_;
    const ViewRules& rules_;
    const Touched nothing_;
    /// What run() was given.
    const Touched* touched_ = &nothing_;
    /// What was stored before anything was locked, of the ids that were looked up.
    std::set<Uuid> looked_up_;
    std::map<Uuid, EntityState> known_;
    /// Entities that this transaction made, and those of them that it made whole.
    std::set<Uuid> created_;
    std::set<Uuid> whole_;
    std::set<Uuid> recompose_;
    std::map<Uuid, EntityAnchor> anchors_;
    std::set<Uuid> profiles_;
    std::set<Uuid> targets_;
    std::map<Uuid, ChangedProfile> changed_profiles_;
    std::set<Uuid> customers_;
    std::map<Uuid, EntityState> target_states_;
    std::map<Uuid, std::set<StreamRef>> target_sources_;
};

}  // namespace

Result<Reconciled> reconcile(PageTransaction& transaction, const Uuid& tenant, const Touched& touched,
                             const CommitCause& cause, const ViewRules& rules) {
    return Reconciliation(transaction, tenant, cause, rules).run(touched);
}

Result<DecidedIdentity> reconcile_decision(PageTransaction& transaction, const Uuid& tenant,
                                           const domain::LinkDecision& decision, const CommitCause& cause,
                                           const ViewRules& rules) {
    return Reconciliation(transaction, tenant, cause, rules).run(decision);
}

}  // namespace tributary::view
