#include "services/api/told_text.hpp"

#include <utility>

#include "services/api/freshness.hpp"

namespace tributary::api {

using domain::ports::ToldSources;

ToldText told_text_of(const ToldSources& told) {
    const json::Array missing = missing_sources_of(told.sources, told.freshness);
    ToldText text;
    text.members = R"("partial":)" + partial_text(missing) + R"(,"freshness":)" +
                   freshness_text(told.sources, told.freshness);
    if (const auto verified = verified_of(told.sources, told.freshness)) {
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
