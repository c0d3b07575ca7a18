#include "services/sync/confirmation_choice.hpp"

#include <algorithm>
#include <utility>

namespace tributary::sync {

std::vector<std::string> chosen_for_confirmation(std::vector<std::string> candidates, const domain::Uuid& run,
                                                 std::size_t limit) {
    if (candidates.size() <= limit) {
        return candidates;
    }
    std::vector<std::pair<domain::Uuid, std::string>> ranked;
    ranked.reserve(candidates.size());
    for (std::string& key : candidates) {
        const domain::Uuid rank = domain::named_uuid(run, key);
        ranked.emplace_back(rank, std::move(key));
    }
    std::ranges::partial_sort(ranked, ranked.begin() + static_cast<std::ptrdiff_t>(limit));
    std::vector<std::string> chosen;
    for (std::size_t i = 0; i < limit; ++i) {
        chosen.push_back(std::move(ranked[i].second));
    }
    return chosen;
}

}  // namespace tributary::sync
