#include "adapters/postgres/freshness_memory.hpp"

#include <algorithm>
#include <utility>

namespace tributary::postgres {

using domain::Uuid;
using domain::ports::FreshnessMark;
using domain::ports::ToldSources;

namespace {

bool is_older(const ToldSources& one, const ToldSources& other) {
    return std::ranges::equal(one.marks, other.marks, {}, &FreshnessMark::subject, &FreshnessMark::subject) &&
           std::ranges::any_of(one.marks, [&](const FreshnessMark& mark) {
               return mark.at < std::ranges::find(other.marks, mark.subject, &FreshnessMark::subject)->at;
           });
}

}  // namespace

std::vector<Uuid> FreshnessMemory::connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
}

FreshnessMemory::Told FreshnessMemory::find(std::string_view sources) const {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(std::string(sources));
    return found == known_.end() ? nullptr : found->second;
}

void FreshnessMemory::learn(std::string_view sources, Told told) {
    const std::lock_guard lock(mutex_);
    if (known_.size() >= most) {
        known_.clear();
        connections_.clear();
    }
    for (const FreshnessMark& mark : told->marks) {
        const bool is_new = std::ranges::find(connections_, mark.subject) == connections_.end();
        if (is_new && connections_.size() < most_connections) connections_.push_back(mark.subject);
    }
    Told& known = known_[std::string(sources)];
    if (!known || !is_older(*told, *known)) known = std::move(told);
}

}  // namespace tributary::postgres
