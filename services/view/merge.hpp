// Merges the profiles of one customer: each field from the first profile that has a value, in the order of
// the precedence of that field, then newest first. Pure.
#pragma once

#include <functional>
#include <span>
#include <string_view>

#include "domain/json/value.hpp"
#include "domain/precedence.hpp"
#include "services/view/documents.hpp"

namespace tributary::view {

/// One step: a field as it was merged before this profile's word, what the profile says, and as it is after.
/// Each is the object that a document would have of the field alone, empty where there is nothing.
struct MergeStep {
    std::string_view field;
    const MemberProfile& member;
    const json::Object& before;
    const json::Object& theirs;
    const json::Object& after;
};

using MergeObserver = std::function<void(const MergeStep&)>;

/// Whether `a` comes before `b` where no precedence decides: by the provider's own update time, newest first;
/// a profile without one is oldest, then the lower id.
bool is_newer(const MemberProfile& a, const MemberProfile& b);

/// The merged fields of the members, in whatever order they come; other fields stay absent. `observer`, if
/// there is one, is shown every step, field by field, in the order in which the members have their say.
domain::Profile merged_profile(std::span<const MemberProfile> members, const domain::Precedence& precedence,
                               const MergeObserver& observer = {});

}  // namespace tributary::view
