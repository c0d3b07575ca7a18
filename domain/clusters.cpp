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
        return finished();
    }

    Result<DecidedClusters> decide(const LinkDecision& decision) {
        const Pair pair(decision.low, decision.high);
        DecidedClusters decided;
        if (decision.verb == LinkVerb::link) {
            if (const auto refused = rejected_between(pair)) {
                return fail(Errc::conflict, refusal(pair, *refused));
            }
            decided.contradictions = contradictions_between(pair);
        }
        apply(decision);
        decided.joined = component(pair.first).contains(pair.second);
        if (const auto known = links_.find(pair); known != links_.end()) {
            decided.link = known->second;
        } else {
            decided.link = {pair.first, pair.second, LinkState::undecided, "", "[]", false};
        }
        if (decided.joined && decided.link.state != LinkState::linked) {
            decided.chain = chain(pair);
        }
        decided.plan = finished();
        return decided;
    }

  private:
    ClusterPlan finished() {
        assign_memberships();
        ClusterPlan plan;
        for (const Pair& pair : written_) {
            plan.links.push_back(links_.at(pair));
        }
        plan.memberships = std::move(memberships_);
        return plan;
    }

    /// Writes the operator's fact, unless it stands already.
    void apply(const LinkDecision& decision) {
        const Pair pair(decision.low, decision.high);
        const auto known = links_.find(pair);
        const bool by_operator = known != links_.end() && known->second.by_operator;
        if (decision.verb == LinkVerb::reopen) {
            if (by_operator) {
                write(pair.first, pair.second, LinkState::undecided, "reopened", {});
                for (const auto& [changed, other] : input_.candidates) {
                    consider(changed, other);
                }
            }
            return;
        }
        const LinkState state = decision.verb == LinkVerb::link ? LinkState::linked : LinkState::rejected;
        if (by_operator && known->second.state == state) {
            return;
        }
        const IdentityFacts* left = facts_of(pair.first);
        const IdentityFacts* right = facts_of(pair.second);
        const bool both = left != nullptr && right != nullptr;
        write(pair.first, pair.second, state, "operator",
              both ? decide_identity(*left, *right).agreed : std::vector<std::string>());
        Link& link = links_.at(pair);
        link.by_operator = true;
        link.decided_by = decision.by;
        link.reason = decision.reason;
    }

    /// A pair that an operator rejected, of those whom a link of `pair` would bring together.
    [[nodiscard]] std::optional<Pair> rejected_between(const Pair& pair) const {
        const auto rejected = [this](const Pair& two) {
            const auto fact = links_.find(two);
            return fact != links_.end() && fact->second.state == LinkState::rejected;
        };
        if (rejected(pair)) {
            return pair;
        }
        const std::set<Uuid> left = component(pair.first);
        if (left.contains(pair.second)) {
            return std::nullopt;
        }
        for (const Uuid& l : left) {
            for (const Uuid& r : component(pair.second)) {
                if (rejected(ordered(l, r))) {
                    return ordered(l, r);
                }
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] std::string refusal(const Pair& pair, const Pair& rejected) const {
        const std::string who =
            rejected == pair ? "An operator rejected this link"
                             : "They would come together with the profiles " + to_text(rejected.first) +
                                   " and " + to_text(rejected.second) + ", whose link an operator rejected";
        return who + "; reopen link " +
               to_text(identity_link_id(input_.tenant, rejected.first, rejected.second)) + " first.";
    }

    [[nodiscard]] std::vector<Contradiction> contradictions_between(const Pair& pair) const {
        const std::set<Uuid> left = component(pair.first);
        std::set<Uuid> right = component(pair.second);
        if (left.contains(pair.second)) {
            right = {pair.second};
        }
        std::vector<Contradiction> found;
        for (const Uuid& l : left.contains(pair.second) ? std::set<Uuid>{pair.first} : left) {
            for (const Uuid& r : right) {
                if (contradicting(l, r)) {
                    const Pair two = ordered(l, r);
                    found.push_back(
                        {two.first, two.second, decide_identity(*facts_of(l), *facts_of(r)).contradicted});
                }
            }
        }
        return found;
    }

    /// The links of the shortest way from one to the other; nothing where there is none.
    [[nodiscard]] std::vector<Link> chain(const Pair& pair) const {
        std::map<Uuid, Pair> came_by;
        std::vector<Uuid> reached{pair.first};
        for (std::size_t at = 0; at < reached.size() && !came_by.contains(pair.second); ++at) {
            const Uuid from = reached[at];
            for (const auto& [ends, link] : links_) {
                if (link.state != LinkState::linked || (ends.first != from && ends.second != from)) {
                    continue;
                }
                const Uuid& other = ends.first == from ? ends.second : ends.first;
                if (other != pair.first && came_by.emplace(other, ends).second) {
                    reached.push_back(other);
                }
            }
        }
        std::vector<Link> links;
        for (Uuid at = pair.second; came_by.contains(at) && at != pair.first;) {
            const Pair& ends = came_by.at(at);
            links.push_back(links_.at(ends));
            at = ends.first == at ? ends.second : ends.first;
        }
        std::ranges::reverse(links);
        return links;
    }

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

    enum class Through { all_links, links_of_rules };

    /// Everyone connected to `start` by linked facts.
    [[nodiscard]] std::set<Uuid> component(const Uuid& start, Through through = Through::all_links) const {
        std::set<Uuid> reached{start};
        std::vector<Uuid> open{start};
        while (!open.empty()) {
            const Uuid at = open.back();
            open.pop_back();
            for (const auto& [pair, link] : links_) {
                if (link.state != LinkState::linked || (pair.first != at && pair.second != at) ||
                    (through == Through::links_of_rules && link.by_operator)) {
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
        const std::set<Uuid> cluster = component(profile, Through::links_of_rules);
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
        const bool suggested = known != links_.end() && known->second.state == LinkState::suggested;
        if (known != links_.end() && !suggested && known->second.state != LinkState::undecided) {
            return;  // linked already, or rejected for good
        }
        const IdentityDecision decision = decide_identity(*left, *right);
        if (decision.verdict == IdentityVerdict::apart) {
            return;
        }
        const bool link = decision.verdict == IdentityVerdict::link && may_join(changed, other);
        if (!link && suggested) {
            return;
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

Result<DecidedClusters> decide_clusters(const ClusterInput& input, const LinkDecision& decision) {
    return Planner(input).decide(decision);
}

}  // namespace tributary::domain
