#include "domain/clusters.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "domain/ids.hpp"
#include "domain/json/write.hpp"

namespace tributary::domain {

using ports::Link;
using ports::LinkState;
using ports::Membership;

namespace {

using Pair = std::pair<Uuid, Uuid>;

Pair ordered(const Uuid& a, const Uuid& b) {
    return a < b ? Pair(a, b) : Pair(b, a);
}

std::string evidence_text(const std::vector<std::string>& names) {
    json::Array array;
    for (const std::string& name : names) {
        array.emplace_back(name);
    }
    return json::write(array);
}

class Planner {
  public:
    explicit Planner(const ClusterInput& input) : input_(input) {
        for (const Link& link : input.links) {
            links_.emplace(Pair(link.low, link.high), link);
        }
        for (const auto& [profile, facts] : input.facts) {
            profiles_.insert(profile);
        }
        for (const auto& [profile, customer] : input.membership) {
            profiles_.insert(profile);
        }
    }

    ClusterPlan plan() {
        for (const Uuid& profile : input_.changed) {
            judge_again(profile);
        }
        for (const auto& [changed, other] : input_.candidates) {
            consider(changed, other);
        }
        assign_memberships();
        ClusterPlan plan;
        for (const Pair& pair : written_) {
            plan.links.push_back(links_.at(pair));
        }
        plan.memberships = std::move(memberships_);
        return plan;
    }

  private:
    [[nodiscard]] const IdentityFacts* facts_of(const Uuid& profile) const {
        const auto found = input_.facts.find(profile);
        return found == input_.facts.end() ? nullptr : &found->second;
    }

    [[nodiscard]] bool contradicting(const Uuid& a, const Uuid& b) const {
        const IdentityFacts* left = facts_of(a);
        const IdentityFacts* right = facts_of(b);
        return left != nullptr && right != nullptr && contradict(*left, *right);
    }

    void write(const Uuid& a, const Uuid& b, LinkState state, std::string rule,
               const std::vector<std::string>& evidence) {
        const Pair pair = ordered(a, b);
        links_[pair] = Link{pair.first, pair.second, state, std::move(rule), evidence_text(evidence), false};
        written_.insert(pair);
    }

    /// Everyone connected to `start` by linked facts.
    [[nodiscard]] std::set<Uuid> component(const Uuid& start) const {
        std::set<Uuid> reached{start};
        std::vector<Uuid> open{start};
        while (!open.empty()) {
            const Uuid at = open.back();
            open.pop_back();
            for (const auto& [pair, link] : links_) {
                if (link.state != LinkState::linked || (pair.first != at && pair.second != at)) {
                    continue;
                }
                const Uuid& other = pair.first == at ? pair.second : pair.first;
                if (reached.insert(other).second) {
                    open.push_back(other);
                }
            }
        }
        return reached;
    }

    /// What was linked by rule and does not hold any more becomes a suggestion.
    void judge_again(const Uuid& profile) {
        const std::set<Uuid> cluster = component(profile);
        const bool contradicted =
            std::ranges::any_of(cluster, [&](const Uuid& other) { return contradicting(profile, other); });
        for (auto& [pair, link] : links_) {
            const bool own = pair.first == profile || pair.second == profile;
            if (!own || link.state != LinkState::linked || link.by_operator) {
                continue;
            }
            if (!contradicted && still_agree(pair.first, pair.second)) {
                continue;
            }
            link.state = LinkState::suggested;
            link.rule = contradicted ? "contradiction_after_change" : "evidence_gone_after_change";
            written_.insert(pair);
        }
    }

    /// People change their names or their addresses, hardly both at once. A profile that is not present
    /// cannot be looked at, so it holds nobody who changed.
    [[nodiscard]] bool still_agree(const Uuid& a, const Uuid& b) const {
        const IdentityFacts* left = facts_of(a);
        const IdentityFacts* right = facts_of(b);
        return left != nullptr && right != nullptr && share_name_or_contact(*left, *right);
    }

    void consider(const Uuid& changed, const Uuid& other) {
        const IdentityFacts* left = facts_of(changed);
        const IdentityFacts* right = facts_of(other);
        if (left == nullptr || right == nullptr || changed == other) {
            return;
        }
        const auto known = links_.find(ordered(changed, other));
        if (known != links_.end() && known->second.state != LinkState::suggested) {
            return;  // linked already, or rejected for good
        }
        const IdentityDecision decision = decide_identity(*left, *right);
        if (decision.verdict == IdentityVerdict::apart) {
            return;
        }
        const bool link = decision.verdict == IdentityVerdict::link && may_join(changed, other);
        if (!link && known != links_.end()) {
            return;  // suggested already
        }
        write(
            changed, other, link ? LinkState::linked : LinkState::suggested,
            link || decision.verdict == IdentityVerdict::suggest ? decision.rule : "would_join_contradiction",
            decision.agreed);
    }

    /// No member of one cluster contradicts, or was rejected for, a member of the other.
    [[nodiscard]] bool may_join(const Uuid& a, const Uuid& b) const {
        const std::set<Uuid> left = component(a);
        if (left.contains(b)) {
            return true;
        }
        const std::set<Uuid> right = component(b);
        return std::ranges::none_of(left, [&](const Uuid& l) {
            return std::ranges::any_of(right, [&](const Uuid& r) {
                const auto fact = links_.find(ordered(l, r));
                const bool rejected = fact != links_.end() && fact->second.state == LinkState::rejected;
                return rejected || contradicting(l, r);
            });
        });
    }

    void assign_memberships() {
        std::set<Uuid> done;
        for (const Uuid& profile : profiles_) {
            if (done.contains(profile)) {
                continue;
            }
            const std::set<Uuid> cluster = component(profile);
            done.insert(cluster.begin(), cluster.end());
            const Uuid customer = customer_of(cluster);
            for (const Uuid& member : cluster) {
                const auto present = input_.membership.find(member);
                if (present == input_.membership.end() || present->second != customer) {
                    memberships_.push_back({member, customer});
                }
            }
        }
    }

    /// Founded first, then the lower id.
    [[nodiscard]] Uuid customer_of(const std::set<Uuid>& cluster) const {
        std::optional<std::pair<Timestamp, Uuid>> first;
        for (const Uuid& member : cluster) {
            const auto founded = input_.founded.find(member);
            const Timestamp at = founded == input_.founded.end() ? Timestamp::max() : founded->second;
            const std::pair candidate(at, singleton_customer_id(input_.tenant, member));
            if (!first || candidate < *first) {
                first = candidate;
            }
        }
        return first->second;
    }

    const ClusterInput& input_;
    std::map<Pair, Link> links_;
    std::set<Pair> written_;
    std::set<Uuid> profiles_;
    std::vector<Membership> memberships_;
};

}  // namespace

ClusterPlan plan_clusters(const ClusterInput& input) {
    return Planner(input).plan();
}

}  // namespace tributary::domain
