#include "services/api/told_text.hpp"

#include <algorithm>
#include <utility>

#include "domain/json/write.hpp"
#include "services/api/freshness.hpp"

namespace tributary::api {

using domain::Timestamp;
using domain::ports::Freshness;
using domain::ports::ToldSources;

namespace {

std::optional<Timestamp> verified_at(std::span<const Freshness> known) {
    std::optional<Timestamp> oldest;
    for (const Freshness& source : known) {
        if (!source.verified_complete_at) {
            return std::nullopt;
        }
        oldest = std::min(oldest.value_or(*source.verified_complete_at), *source.verified_complete_at);
    }
    return oldest;
}

}  // namespace

ToldText told_text_of(const ToldSources& told) {
    const json::Array missing = missing_sources_of(told.sources, told.freshness);
    ToldText text;
    text.members = R"("partial":)" + partial_text(missing) + R"(,"freshness":)" +
                   json::write(freshness_of(told.sources, told.freshness));
    if (const auto verified = verified_at(known_of(told.sources, told.freshness))) {
        text.verified_at = domain::to_text(*verified);
    }
    text.is_tagged = missing.empty();
    return text;
}

std::shared_ptr<const ToldText> ToldTexts::of(const std::shared_ptr<const ToldSources>& told) {
    {
        const std::lock_guard lock(mutex_);
        if (const auto found = made_.find(told.get()); found != made_.end()) {
            return found->second.text;
        }
    }
    auto text = std::make_shared<const ToldText>(told_text_of(*told));
    const std::lock_guard lock(mutex_);
    if (made_.size() >= most) {
        made_.clear();
    }
    made_.insert_or_assign(told.get(), Made{told, text});
    return text;
}

}  // namespace tributary::api
