#include "services/view/reconcile.hpp"

#include <algorithm>
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
using domain::ports::PageTransaction;

namespace {

class Reconciliation {
  public:
    Reconciliation(PageTransaction& transaction, const Uuid& tenant, const CommitCause& cause,
                   const ViewRules& rules)
        : transaction_(transaction), tenant_(tenant), cause_(cause), rules_(rules) {}

    Result<Reconciled> run(const Touched& touched) {
        TRIBUTARY_TRY(sort_out(touched));
        TRIBUTARY_TRY(compose_profiles());
        TRIBUTARY_TRY_LET(identity,
                          settle_identity(transaction_, tenant_, changed_profiles_, profiles_, rules_.hash));
        customers_ = std::move(identity.customers);
        const std::vector<LinkFact> links = std::move(identity.links);
        TRIBUTARY_TRY(add_targets_of(std::move(identity.moved_profiles)));
        TRIBUTARY_TRY(lock_targets());
        TRIBUTARY_TRY(compose_targets());
        TRIBUTARY_TRY_LET(documents, propose_documents(transaction_, tenant_,
                                                       {customers_, target_states_, target_contributions_,
                                                        links, rules_.precedence}));
        return commit(documents);
    }

    Result<DecidedIdentity> run(const domain::LinkDecision& decision) {
        TRIBUTARY_TRY_LET(identity, settle_decision(transaction_, tenant_, decision, rules_.hash));
        customers_ = identity.outcome.customers;
        TRIBUTARY_TRY(add_targets_of(identity.outcome.moved_profiles));
        TRIBUTARY_TRY(lock_targets());
        TRIBUTARY_TRY(compose_targets());
        TRIBUTARY_TRY_LET(documents, propose_documents(transaction_, tenant_,
                                                       {customers_, target_states_, target_contributions_,
                                                        identity.outcome.links, rules_.precedence}));
        TRIBUTARY_TRY(commit(documents));
        return identity;
    }

  private:
    /// Splits what was touched into profiles and targets; an id without a row is a profile nobody has
    /// described yet.
    Result<void> sort_out(const Touched& touched) {
        recompose_.insert(touched.recompose.begin(), touched.recompose.end());
        for (const EntityAnchor& anchor : touched.anchors) {
            anchors_.emplace(anchor.id, anchor);
        }
        std::set<Uuid> unknown(touched.ids.begin(), touched.ids.end());
        unknown.insert(recompose_.begin(), recompose_.end());
        std::erase_if(unknown, [this](const Uuid& id) { return anchors_.contains(id); });
        if (!unknown.empty()) {
            TRIBUTARY_TRY_LET(states, transaction_.entities(listed(unknown)));
            for (EntityState& state : states) {
                unknown.erase(state.anchor.id);
                anchors_.emplace(state.anchor.id, std::move(state.anchor));
            }
        }
        profiles_ = std::move(unknown);
        for (const auto& [id, anchor] : anchors_) {
            (anchor.kind == EntityKind::profile ? profiles_ : targets_).insert(id);
        }
        return {};
    }

    Result<void> compose_profiles() {
        std::vector<EntityAnchor> mine;
        std::vector<Uuid> ids;
        for (const Uuid& id : recompose_) {
            const auto anchor = anchors_.find(id);
            if (anchor != anchors_.end() && anchor->second.kind == EntityKind::profile) {
                mine.push_back(anchor->second);
                ids.push_back(id);
            }
        }
        if (mine.empty()) {
            return {};
        }
        TRIBUTARY_TRY_LET(states, transaction_.lock_entities(mine));
        TRIBUTARY_TRY_LET(rows, transaction_.contributions(ids));
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
        // A group lists its accounts, so it changes with them: with those that left it, too.
        TRIBUTARY_TRY_LET(before, transaction_.entities(listed(targets_)));
        std::set<Uuid> existing;
        std::set<Uuid> left;
        for (const EntityState& state : before) {
            existing.insert(state.anchor.id);
            if (state.parent && state.anchor.kind == EntityKind::account &&
                recompose_.contains(state.anchor.id) && targets_.insert(*state.parent).second) {
                left.insert(*state.parent);
            }
        }
        if (!left.empty()) {
            TRIBUTARY_TRY_LET(groups, transaction_.entities(listed(left)));
            for (EntityState& group : groups) {
                existing.insert(group.anchor.id);
                before.push_back(std::move(group));
            }
        }
        const bool all_exist = std::ranges::includes(existing, targets_);
        std::vector<EntityAnchor> wanted;
        for (const Uuid& id : targets_) {
            const auto anchor = anchors_.find(id);
            if (anchor != anchors_.end()) {
                wanted.push_back(anchor->second);
            }
        }
        for (const EntityState& state : before) {
            if (!anchors_.contains(state.anchor.id)) {
                wanted.push_back(state.anchor);
            }
        }
        // One call, so that everything is locked in one order. Rows that are only named by id exist already.
        auto locked = all_exist ? transaction_.lock_existing_entities(listed(targets_))
                                : transaction_.lock_entities(wanted);
        if (!locked) {
            return std::unexpected(locked.error());
        }
        for (EntityState& state : *locked) {
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

    Result<void> compose_targets() {
        if (target_states_.empty()) {
            return {};
        }
        TRIBUTARY_TRY_LET(rows, transaction_.contributions(listed(targets_)));
        target_contributions_ = grouped(std::move(rows), &Contribution::entity_id);
        std::vector<EntityWrite> writes;
        for (auto& [id, state] : target_states_) {
            if (!recompose_.contains(id)) {
                continue;
            }
            auto text = composed_text(state.anchor.kind, target_contributions_[id]);
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
        const domain::ProviderSpace space{tenant_, anchor.provider, anchor.environment};
        if (anchor.kind == EntityKind::account) {
            const auto group = read_account(text).account_group;
            return group.has_value()
                       ? std::optional(entity_id(space, EntityKind::account_group, group.value()))
                       : std::nullopt;
        }
        if (anchor.kind == EntityKind::sub_account) {
            const auto account = read_sub_account(text).account;
            return account.has_value() ? std::optional(entity_id(space, EntityKind::account, account.value()))
                                       : std::nullopt;
        }
        return std::nullopt;
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
    std::set<Uuid> recompose_;
    std::map<Uuid, EntityAnchor> anchors_;
    std::set<Uuid> profiles_;
    std::set<Uuid> targets_;
    std::map<Uuid, ChangedProfile> changed_profiles_;
    std::set<Uuid> customers_;
    std::map<Uuid, EntityState> target_states_;
    std::map<Uuid, std::vector<Contribution>> target_contributions_;
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
