#include "services/webhooks/event_order.hpp"

#include <utility>

namespace tributary::webhooks {

using domain::ports::EventOutcome;
using domain::ports::RecordState;

namespace {

EventOutcome judge_last(const Candidate& candidate, const RecordState* stored) {
    if (stored == nullptr) {
        return {candidate.event_id, "applied", ""};
    }
    if (stored->removed) {
        return {candidate.event_id, "hint",
                "The object was removed here: a run finds out whether it is back."};
    }
    if (!candidate.updated_at || !stored->source_updated_at) {
        return {candidate.event_id, "hint", "There is no update time to compare by: a run finds out."};
    }
    if (*candidate.updated_at == *stored->source_updated_at && candidate.hash != stored->hash) {
        return {candidate.event_id, "hint",
                "What is stored is of the same moment and differs: a run finds out."};
    }
    if (*candidate.updated_at <= *stored->source_updated_at) {
        return {candidate.event_id, "stale", "What is stored is as new or newer."};
    }
    return {candidate.event_id, "applied", ""};
}

}  // namespace

std::vector<EventOutcome> judge(std::span<const Candidate> candidates,
                                const std::map<std::string, RecordState>& stored) {
    std::map<std::string, std::size_t> last;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        last[candidates[i].provider_id] = i;
    }
    std::vector<EventOutcome> outcomes;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const Candidate& candidate = candidates[i];
        if (last[candidate.provider_id] != i) {
            outcomes.push_back(
                {candidate.event_id, "stale", "A later event of the same object was there as well."});
            continue;
        }
        const auto found = stored.find(candidate.provider_id);
        outcomes.push_back(judge_last(candidate, found == stored.end() ? nullptr : &found->second));
    }
    return outcomes;
}

}  // namespace tributary::webhooks
