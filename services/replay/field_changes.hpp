// Which fields differ between two decodings of one payload, by name and without values: what is told of a
// replay is read by more people than profiles are. Pure.
#pragma once

#include <compare>
#include <string>
#include <vector>

#include "domain/json/value.hpp"

namespace tributary::replay {

enum class FieldChangeKind { added, removed, changed };

struct FieldChange {
    /// "addresses[].city": members by name, positions in lists as `[]`.
    std::string path;
    FieldChangeKind kind = FieldChangeKind::changed;

    friend auto operator<=>(const FieldChange&, const FieldChange&) = default;
};

/// Sorted, each once however many elements of a list it is true of. What one side has more of a list is added
/// or removed under the list's path with `[]`. Empty where the two mean the same: the order of members counts
/// for nothing.
std::vector<FieldChange> field_changes(const json::Value& before, const json::Value& after);

}  // namespace tributary::replay
