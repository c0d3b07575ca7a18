#include "services/view/reconcile.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "domain/change.hpp"
#include "domain/document.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "domain/try.hpp"
#include "services/view/documents.hpp"
#include "services/view/entity_text.hpp"
#include "services/view/identity_step.hpp"

namespace tributary::view {

using domain::EntityKind;
using domain::Errc;
using domain::Result;
using domain::Uuid;
using domain::ports::AccessRow;
using domain::ports::CommitCause;
using domain::ports::Contribution;
using domain::ports::DocumentState;
using domain::ports::DocumentWrite;
using domain::ports::EntityAnchor;
using domain::ports::EntityState;
using domain::ports::EntityWrite;
using domain::ports::Membership;
using domain::ports::PageTransaction;
using domain::ports::StreamRef;

namespace {

template <class T>
std::vector<T> listed(const std::set<T>& set) {
    return {set.begin(), set.end()};
}

template <class Key, class T>
std::map<Key, std::vector<T>> grouped(std::vector<T> rows, Key T::* key) {
    std::map<Key, std::vector<T>> groups;
    for (T& row : rows) {
        const Key of_row = row.*key;
        groups[of_row].push_back(std::move(row));
    }
    return groups;
}

std::vector<StreamRef> streams_of(std::span<const Contribution> contributions) {
    std::set<StreamRef> streams;
    for (const Contribution& contribution : contributions) {
        streams.insert({contribution.connection_id, contribution.stream});
    }
    return listed(streams);
}

class Reconciliation {
  public:
    Reconciliation(PageTransaction& transaction, const Uuid& tenant, const CommitCause& cause,
                   const IdentifierHash& hash)
        : transaction_(transaction), tenant_(tenant), cause_(cause), hash_(hash) {}

    Result<Reconciled> run(const Touched& touched) {
        TRIBUTARY_TRY(sort_out(touched));
        TRIBUTARY_TRY(compose_profiles());
        TRIBUTARY_TRY_LET(identity,
                          settle_identity(transaction_, tenant_, changed_profiles_, profiles_, hash_));
        customers_ = std::move(identity.customers);
        TRIBUTARY_TRY(add_targets_of(identity.moved_profiles));
        TRIBUTARY_TRY(lock_targets());
        TRIBUTARY_TRY(compose_targets());
        TRIBUTARY_TRY(read_documents());
        TRIBUTARY_TRY(build_customers());
        TRIBUTARY_TRY(build_targets());
        return commit();
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

    /// Whoever moved to another customer is named by it in every document they have access to.
    Result<void> add_targets_of(const std::set<Uuid>& moved) {
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
        for (const EntityState& state : before) {
            existing.insert(state.anchor.id);
            if (state.parent && state.anchor.kind == EntityKind::account &&
                recompose_.contains(state.anchor.id)) {
                targets_.insert(*state.parent);
                existing.insert(*state.parent);
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

    Result<void> read_documents() {
        std::set<Uuid> ids = customers_;
        ids.insert(targets_.begin(), targets_.end());
        if (ids.empty()) {
            return {};
        }
        TRIBUTARY_TRY_LET(states, transaction_.documents(listed(ids)));
        for (DocumentState& state : states) {
            const Uuid id = state.id;
            before_.emplace(id, std::move(state));
        }
        return {};
    }

    Result<void> build_customers() {
        if (customers_.empty()) {
            return {};
        }
        TRIBUTARY_TRY_LET(memberships, transaction_.memberships_of_customers(listed(customers_)));
        std::vector<Uuid> profiles;
        for (const Membership& membership : memberships) {
            profiles.push_back(membership.profile_id);
        }
        std::map<Uuid, EntityState> states;
        std::map<Uuid, std::vector<Contribution>> contributions;
        std::map<Uuid, std::vector<AccessRow>> access;
        if (!profiles.empty()) {
            TRIBUTARY_TRY_LET(entities, transaction_.entities(profiles));
            for (EntityState& state : entities) {
                const Uuid id = state.anchor.id;
                states.emplace(id, std::move(state));
            }
            TRIBUTARY_TRY_LET(records, transaction_.contributions(profiles));
            contributions = grouped(std::move(records), &Contribution::entity_id);
            TRIBUTARY_TRY_LET(rows, transaction_.access_of_profiles(profiles));
            access = grouped(std::move(rows), &AccessRow::profile_id);
        }
        const auto members_of = grouped(std::move(memberships), &Membership::customer_id);
        for (const Uuid& customer : customers_) {
            std::vector<MemberProfile> members;
            std::vector<AccessRow> rows;
            std::set<StreamRef> sources;
            const auto found = members_of.find(customer);
            for (const Membership& membership :
                 found == members_of.end() ? std::vector<Membership>() : found->second) {
                const auto state = states.find(membership.profile_id);
                if (state == states.end() || !state->second.normalized) {
                    continue;  // a profile that was removed keeps its place and shows nothing
                }
                MemberProfile member{state->second.anchor, read_profile(*state->second.normalized), {}};
                for (StreamRef& stream : streams_of(contributions[membership.profile_id])) {
                    if (member.connection_ids.empty() ||
                        member.connection_ids.back() != stream.connection_id) {
                        member.connection_ids.push_back(stream.connection_id);
                    }
                    sources.insert(std::move(stream));
                }
                std::ranges::copy(access[membership.profile_id], std::back_inserter(rows));
                members.push_back(std::move(member));
            }
            const bool present = !members.empty();
            propose(
                customer, EntityKind::customer,
                present ? std::optional(customer_content(customer, std::move(members), rows)) : std::nullopt,
                listed(sources));
        }
        return {};
    }

    Result<void> build_targets() {
        if (target_states_.empty()) {
            return {};
        }
        TRIBUTARY_TRY_LET(rows, transaction_.access_of_targets(listed(targets_)));
        std::set<Uuid> profiles;
        for (const AccessRow& row : rows) {
            profiles.insert(row.profile_id);
        }
        std::map<Uuid, Uuid> customer_of;
        if (!profiles.empty()) {
            TRIBUTARY_TRY_LET(memberships, transaction_.memberships_of_profiles(listed(profiles)));
            for (const Membership& membership : memberships) {
                customer_of.emplace(membership.profile_id, membership.customer_id);
            }
        }
        std::set<Uuid> groups;
        for (const auto& [id, state] : target_states_) {
            if (state.anchor.kind == EntityKind::account_group) {
                groups.insert(id);
            }
        }
        std::map<Uuid, std::vector<Uuid>> children;
        if (!groups.empty()) {
            TRIBUTARY_TRY_LET(accounts, transaction_.children(listed(groups)));
            for (const EntityState& account : accounts) {
                children[*account.parent].push_back(account.anchor.id);
            }
        }
        auto access = grouped(std::move(rows), &AccessRow::target_id);
        for (const auto& [id, state] : target_states_) {
            std::optional<std::string> content;
            if (state.normalized) {
                TargetContext context{tenant_, std::move(access[id]), customer_of, std::move(children[id])};
                std::ranges::sort(context.children);
                content = target_content(state, context);
            }
            propose(id, state.anchor.kind, std::move(content), streams_of(target_contributions_[id]));
        }
        return {};
    }

    /// Keeps a document for writing if it differs from what is stored. No content: removed.
    void propose(const Uuid& id, EntityKind kind, std::optional<std::string> content,
                 std::vector<StreamRef> sources) {
        const auto stored = before_.find(id);
        DocumentWrite write{id, kind, "", !content, std::move(sources), "[]", std::nullopt};
        if (stored == before_.end()) {
            if (!content) {
                return;
            }
            write.content = std::move(*content);
            ++done_.documents_created;
        } else {
            const std::string before = domain::content_of(stored->second.body);
            const bool same_text = !content || *content == before;
            if (same_text && write.removed == stored->second.removed &&
                (write.removed || write.sources == stored->second.sources)) {
                return;
            }
            write.content = content ? std::move(*content) : before;
            write.diff = difference_text(before, write.content);
            write.before = stored->second;
            ++(write.removed ? done_.documents_removed : done_.documents_changed);
        }
        writes_.push_back(std::move(write));
    }

    static std::string difference_text(const std::string& before, const std::string& after) {
        const auto old_tree = json::parse(before);
        const auto new_tree = json::parse(after);
        return json::write(old_tree && new_tree ? domain::difference(old_tree->root, new_tree->root)
                                                : json::Array());
    }

    Result<Reconciled> commit() {
        if (!writes_.empty()) {
            TRIBUTARY_TRY(transaction_.commit_documents(cause_, writes_));
        } else if (cause_.lease) {
            TRIBUTARY_TRY(transaction_.check_fence(*cause_.lease));
        }
        return done_;
    }

    PageTransaction& transaction_;
    const Uuid& tenant_;
    const CommitCause& cause_;
    const IdentifierHash& hash_;
    std::set<Uuid> recompose_;
    std::map<Uuid, EntityAnchor> anchors_;
    std::set<Uuid> profiles_;
    std::set<Uuid> targets_;
    std::map<Uuid, ChangedProfile> changed_profiles_;
    std::set<Uuid> customers_;
    std::map<Uuid, EntityState> target_states_;
    std::map<Uuid, std::vector<Contribution>> target_contributions_;
    std::map<Uuid, DocumentState> before_;
    std::vector<DocumentWrite> writes_;
    Reconciled done_;
};

}  // namespace

Result<Reconciled> reconcile(PageTransaction& transaction, const Uuid& tenant, const Touched& touched,
                             const CommitCause& cause, const IdentifierHash& hash) {
    return Reconciliation(transaction, tenant, cause, hash).run(touched);
}

}  // namespace tributary::view
