#include "services/view/identity_step.hpp"

#include <algorithm>
#include <iterator>

#include "domain/clusters.hpp"
#include "domain/ids.hpp"
#include "domain/try.hpp"
#include "services/view/entity_text.hpp"
#include "services/view/grouping.hpp"

namespace tributary::view {

using domain::Errc;
using domain::IdentityFacts;
using domain::Result;
using domain::Uuid;
using domain::ports::CustomerState;
using domain::ports::IdentifierKey;
using domain::ports::IdentifierKind;
using domain::ports::IdentifierMember;
using domain::ports::Membership;
using domain::ports::PageTransaction;

namespace {

/// An identifier that this many profiles share is nobody's own (an office phone, a catch-all mailbox).
constexpr std::size_t max_members_of_an_identifier = 64;

std::set<IdentifierKey> keys_of(const IdentityFacts& facts, const IdentifierHash& hash) {
    std::set<IdentifierKey> keys;
    const auto add = [&](IdentifierKind kind, const std::optional<std::string>& text) {
        if (text) {
            keys.insert({kind, hash(kind, *text)});
        }
    };
    add(IdentifierKind::email, facts.email);
    add(IdentifierKind::phone, facts.phone);
    add(IdentifierKind::tax, facts.tax_number);
    if (facts.full_name && facts.birth_date) {
        add(IdentifierKind::name_birth, *facts.full_name + "\x1f" + domain::to_text(*facts.birth_date));
    }
    return keys;
}

IdentityFacts facts_of(const std::string& profile_text) {
    return domain::identity_facts(read_profile(profile_text));
}

class IdentityStep {
  public:
    IdentityStep(PageTransaction& transaction, const Uuid& tenant, const IdentifierHash& hash)
        : transaction_(transaction), tenant_(tenant), hash_(hash) {}

    Result<IdentityOutcome> run(const std::map<Uuid, ChangedProfile>& changed,
                                const std::set<Uuid>& touched) {
        for (const auto& [profile, states] : changed) {
            concerned_.insert(profile);
            note_change(profile, states);
        }
        concerned_.insert(touched.begin(), touched.end());
        TRIBUTARY_TRY(index_identifiers());
        TRIBUTARY_TRY(lock_clusters());
        collect_customers(concerned_);
        if (!input_.changed.empty()) {
            TRIBUTARY_TRY(decide());
            collect_customers(concerned_);
        }
        return std::move(outcome_);
    }

    Result<DecidedIdentity> run(const domain::LinkDecision& decision) {
        concerned_ = {decision.low, decision.high};
        if (decision.verb == domain::LinkVerb::reopen) {
            TRIBUTARY_TRY(find_shared(decision));
        }
        TRIBUTARY_TRY(lock_clusters());
        collect_customers(concerned_);
        TRIBUTARY_TRY(read_clusters());
        TRIBUTARY_TRY_LET(decided, domain::decide_clusters(input_, decision));
        TRIBUTARY_TRY(write(decided.plan));
        collect_customers(concerned_);
        DecidedIdentity identity{std::move(outcome_), std::move(decided), {}};
        for (const auto& [profile, customer] : input_.membership) {
            const bool concerns = customer == input_.membership.at(decision.low) ||
                                  customer == input_.membership.at(decision.high);
            if (concerns && input_.facts.contains(profile)) {
                identity.profiles_of[customer].push_back(profile);
            }
        }
        return identity;
    }

  private:
    /// Whether the two are a candidate: they share an identifier that is somebody's own. Who has which
    /// identifiers stays as it is while the profiles are locked.
    Result<void> find_shared(const domain::LinkDecision& decision) {
        TRIBUTARY_TRY_LET(stored, transaction_.identifiers_of(listed(concerned_)));
        std::map<IdentifierKey, std::size_t> owners;
        for (const IdentifierMember& member : stored) {
            ++owners[member.key];
        }
        std::erase_if(owners, [](const auto& owned) { return owned.second < 2; });
        std::set<IdentifierKey> shared;
        for (const auto& [key, count] : owners) {
            shared.insert(key);
        }
        if (shared.empty()) {
            return {};
        }
        TRIBUTARY_TRY(transaction_.lock_identifiers(listed(shared)));
        TRIBUTARY_TRY_LET(members, transaction_.identifier_members(listed(shared)));
        const auto by_key = grouped(std::move(members), &IdentifierMember::key);
        if (std::ranges::any_of(by_key, [](const auto& group) {
                return group.second.size() <= max_members_of_an_identifier;
            })) {
            input_.candidates.emplace(decision.low, decision.high);
        }
        return {};
    }

    void note_change(const Uuid& profile, const ChangedProfile& states) {
        const IdentityFacts before = states.before ? facts_of(*states.before) : IdentityFacts{};
        const IdentityFacts after = states.after ? facts_of(*states.after) : IdentityFacts{};
        const bool appeared_or_left = states.before.has_value() != states.after.has_value();
        if (states.after) {
            input_.facts[profile] = after;
        }
        if (before == after && !appeared_or_left) {
            return;
        }
        reindexed_.insert(profile);
        new_keys_[profile] = keys_of(after, hash_);
        if (states.after) {
            input_.changed.push_back(profile);
        }
    }

    /// Locks every identifier that the changed profiles have or had, then brings the index up to date.
    Result<void> index_identifiers() {
        if (reindexed_.empty()) {
            return {};
        }
        TRIBUTARY_TRY_LET(stored, transaction_.identifiers_of(listed(reindexed_)));
        std::map<Uuid, std::set<IdentifierKey>> old_keys;
        std::set<IdentifierKey> all;
        for (const IdentifierMember& member : stored) {
            old_keys[member.profile_id].insert(member.key);
            all.insert(member.key);
        }
        std::vector<IdentifierMember> added;
        std::vector<IdentifierMember> dropped;
        std::set<IdentifierKey> wanted;
        for (const auto& [profile, keys] : new_keys_) {
            const std::set<IdentifierKey>& old = old_keys[profile];
            for (const IdentifierKey& key : keys) {
                wanted.insert(key);
                if (!old.contains(key)) {
                    added.push_back({key, profile});
                }
            }
            for (const IdentifierKey& key : old) {
                if (!keys.contains(key)) {
                    dropped.push_back({key, profile});
                }
            }
        }
        all.insert(wanted.begin(), wanted.end());
        if (all.empty()) {
            return {};
        }
        TRIBUTARY_TRY(transaction_.lock_identifiers(listed(all)));
        if (!dropped.empty()) {
            TRIBUTARY_TRY(transaction_.drop_identifiers(dropped));
        }
        if (!added.empty()) {
            TRIBUTARY_TRY(transaction_.add_identifiers(added));
        }
        return find_candidates(wanted);
    }

    Result<void> find_candidates(const std::set<IdentifierKey>& keys) {
        if (keys.empty()) {
            return {};
        }
        TRIBUTARY_TRY_LET(members, transaction_.identifier_members(listed(keys)));
        std::map<IdentifierKey, std::vector<Uuid>> by_key;
        for (const IdentifierMember& member : members) {
            by_key[member.key].push_back(member.profile_id);
        }
        for (const auto& [key, profiles] : by_key) {
            if (profiles.size() > max_members_of_an_identifier) {
                continue;
            }
            for (const Uuid& changed : profiles) {
                if (!new_keys_.contains(changed)) {
                    continue;
                }
                for (const Uuid& other : profiles) {
                    if (other != changed) {
                        input_.candidates.emplace(changed, other);
                        concerned_.insert(other);
                    }
                }
            }
        }
        return {};
    }

    Result<void> read_memberships() {
        TRIBUTARY_TRY_LET(own, transaction_.memberships_of_profiles(listed(concerned_)));
        std::set<Uuid> customers;
        for (const Membership& membership : own) {
            customers.insert(membership.customer_id);
        }
        input_.membership.clear();
        if (customers.empty()) {
            return {};
        }
        TRIBUTARY_TRY_LET(all, transaction_.memberships_of_customers(listed(customers)));
        for (const Membership& membership : all) {
            input_.membership[membership.profile_id] = membership.customer_id;
        }
        return {};
    }

    /// Locks the customers of everyone concerned, and everyone's singleton, so that a profile which appears
    /// at this very moment waits for us or we for it; then looks again.
    Result<void> lock_clusters() {
        TRIBUTARY_TRY(read_memberships());
        std::set<Uuid> wanted;
        const auto want = [&](const Uuid& profile) {
            wanted.insert(domain::singleton_customer_id(tenant_, profile));
        };
        std::ranges::for_each(concerned_, want);
        for (const auto& [profile, customer] : input_.membership) {
            wanted.insert(customer);
            want(profile);
        }
        if (wanted.empty()) {
            return {};
        }
        TRIBUTARY_TRY_LET(locked, transaction_.lock_customers(listed(wanted)));
        for (const CustomerState& customer : locked) {
            customers_[customer.id] = customer;
        }
        TRIBUTARY_TRY(read_memberships());
        for (const auto& [profile, customer] : input_.membership) {
            if (!wanted.contains(customer) ||
                !wanted.contains(domain::singleton_customer_id(tenant_, profile))) {
                return domain::fail(Errc::conflict,
                                    "Somebody joined these customers at the same moment; run again.");
            }
        }
        return {};
    }

    Result<void> decide() {
        TRIBUTARY_TRY(read_clusters());
        return write(domain::plan_clusters(input_));
    }

    /// All that is to be known of everyone concerned, once their customers are locked.
    Result<void> read_clusters() {
        TRIBUTARY_TRY(read_facts());
        input_.tenant = tenant_;
        std::set<Uuid> everyone = concerned_;
        for (const auto& [profile, customer] : input_.membership) {
            everyone.insert(profile);
        }
        for (const Uuid& profile : everyone) {
            const auto singleton = customers_.find(domain::singleton_customer_id(tenant_, profile));
            if (singleton != customers_.end()) {
                input_.founded[profile] = singleton->second.founded_at;
            }
        }
        TRIBUTARY_TRY_LET(links, transaction_.links_of(listed(everyone)));
        // A fact about somebody outside these clusters can hold nobody inside them together.
        std::erase_if(links, [&](const domain::ports::Link& link) {
            return !everyone.contains(link.low) || !everyone.contains(link.high);
        });
        input_.links = std::move(links);
        return {};
    }

    /// Facts of everyone in a cluster concerned who is not composed in this transaction.
    Result<void> read_facts() {
        std::set<Uuid> missing;
        const auto need = [&](const Uuid& profile) {
            if (!input_.facts.contains(profile) && !new_keys_.contains(profile)) {
                missing.insert(profile);
            }
        };
        for (const auto& [changed, other] : input_.candidates) {
            need(other);
        }
        for (const auto& [profile, customer] : input_.membership) {
            need(profile);
        }
        if (missing.empty()) {
            return {};
        }
        TRIBUTARY_TRY_LET(states, transaction_.entities(listed(missing)));
        for (const domain::ports::EntityState& state : states) {
            if (state.normalized) {
                input_.facts[state.anchor.id] = facts_of(*state.normalized);
            }
        }
        return {};
    }

    Result<void> write(const domain::ClusterPlan& plan) {
        if (!plan.links.empty()) {
            TRIBUTARY_TRY(transaction_.write_links(plan.links));
            note_links(plan);
        }
        if (plan.memberships.empty()) {
            return {};
        }
        TRIBUTARY_TRY(transaction_.write_memberships(plan.memberships));
        std::vector<CustomerState> redirects;
        for (const Membership& membership : plan.memberships) {
            outcome_.moved_profiles.insert(membership.profile_id);
            input_.membership[membership.profile_id] = membership.customer_id;
            const Uuid singleton = domain::singleton_customer_id(tenant_, membership.profile_id);
            const auto target =
                singleton == membership.customer_id ? std::nullopt : std::optional(membership.customer_id);
            CustomerState& customer = customers_[singleton];
            if (customer.redirect_to != target) {
                customer.redirect_to = target;
                redirects.push_back(customer);
            }
        }
        return redirects.empty() ? Result<void>() : transaction_.write_redirects(redirects);
    }

    void note_links(const domain::ClusterPlan& plan) {
        std::map<Uuid, Uuid> moved_to;
        for (const Membership& membership : plan.memberships) {
            moved_to.emplace(membership.profile_id, membership.customer_id);
        }
        for (const domain::ports::Link& link : plan.links) {
            LinkFact fact{link, {}};
            for (const Uuid& profile : {link.low, link.high}) {
                for (const auto* places : {&input_.membership, &moved_to}) {
                    if (const auto place = places->find(profile); place != places->end()) {
                        fact.customers.insert(place->second);
                    }
                }
            }
            outcome_.links.push_back(std::move(fact));
        }
    }

    void collect_customers(const std::set<Uuid>& profiles) {
        for (const Uuid& profile : profiles) {
            const auto membership = input_.membership.find(profile);
            if (membership != input_.membership.end()) {
                outcome_.customers.insert(membership->second);
            }
        }
        for (const Uuid& profile : outcome_.moved_profiles) {
            outcome_.customers.insert(input_.membership.at(profile));
        }
    }

    PageTransaction& transaction_;
    const Uuid& tenant_;
    const IdentifierHash& hash_;
    std::set<Uuid> concerned_;
    std::set<Uuid> reindexed_;
    std::map<Uuid, std::set<IdentifierKey>> new_keys_;
    std::map<Uuid, CustomerState> customers_;
    domain::ClusterInput input_;
    IdentityOutcome outcome_;
};

}  // namespace

Result<IdentityOutcome> settle_identity(PageTransaction& transaction, const Uuid& tenant,
                                        const std::map<Uuid, ChangedProfile>& changed,
                                        const std::set<Uuid>& touched, const IdentifierHash& hash) {
    return IdentityStep(transaction, tenant, hash).run(changed, touched);
}

Result<DecidedIdentity> settle_decision(PageTransaction& transaction, const Uuid& tenant,
                                        const domain::LinkDecision& decision, const IdentifierHash& hash) {
    return IdentityStep(transaction, tenant, hash).run(decision);
}

}  // namespace tributary::view
