#include "services/sync/removal_plan.hpp"

#include <string_view>
#include <unordered_set>
#include <utility>

namespace tributary::sync {

namespace {

using Keys = std::unordered_set<std::string_view>;

Keys set_of(const std::vector<std::string>& keys) {
    return {keys.begin(), keys.end()};
}

}  // namespace

RemovalPlan plan_removal(std::vector<std::string> unseen, const domain::ports::RemovalDecisions& decisions) {
    RemovalPlan plan;
    const Keys missing = set_of(unseen);
    for (const auto* decided : {&decisions.approved, &decisions.rejected}) {
        for (const std::string& key : *decided) {
            if (!missing.contains(key)) {
                plan.settled.push_back(key);
            }
        }
    }
    const Keys approved = set_of(decisions.approved);
    const Keys rejected = set_of(decisions.rejected);
    for (const std::string& key : unseen) {
        if (rejected.contains(key)) {
            ++plan.kept;
        } else {
            (approved.contains(key) ? plan.approved : plan.undecided).push_back(key);
        }
    }
    return plan;
}

}  // namespace tributary::sync
