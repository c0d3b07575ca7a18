#include "services/replay/field_changes.hpp"

#include <algorithm>

#include "domain/drift.hpp"

namespace tributary::replay {

namespace {

using enum FieldChangeKind;

void compare(const std::string& path, const json::Value& before, const json::Value& after,
             std::vector<FieldChange>& out);

/// A map may be keyed by what its values are about; such a key is a value and is not told.
std::string member_path(const std::string& path, const std::string& key) {
    const std::string name = domain::field_name(key);
    return path.empty() ? name : path + "." + name;
}

void compare_objects(const std::string& path, const json::Object& before, const json::Object& after,
                     std::vector<FieldChange>& out) {
    for (const json::Entry& entry : before) {
        const json::Value* now = json::find(after, entry.key);
        if (now == nullptr) {
            out.push_back({member_path(path, entry.key), removed});
        } else {
            compare(member_path(path, entry.key), entry.value, *now, out);
        }
    }
    for (const json::Entry& entry : after) {
        if (json::find(before, entry.key) == nullptr) {
            out.push_back({member_path(path, entry.key), added});
        }
    }
}

void compare_lists(const std::string& path, const json::Array& before, const json::Array& after,
                   std::vector<FieldChange>& out) {
    const std::string element = path + "[]";
    const std::size_t common = std::min(before.size(), after.size());
    for (std::size_t i = 0; i < common; ++i) {
        compare(element, before[i], after[i], out);
    }
    if (before.size() != after.size()) {
        out.push_back({element, before.size() < after.size() ? added : removed});
    }
}

void compare(const std::string& path, const json::Value& before, const json::Value& after,
             std::vector<FieldChange>& out) {
    if (before.if_object() != nullptr && after.if_object() != nullptr) {
        compare_objects(path, *before.if_object(), *after.if_object(), out);
    } else if (before.if_array() != nullptr && after.if_array() != nullptr) {
        compare_lists(path, *before.if_array(), *after.if_array(), out);
    } else if (before != after) {
        out.push_back({path, changed});
    }
}

}  // namespace

std::vector<FieldChange> field_changes(const json::Value& before, const json::Value& after) {
    std::vector<FieldChange> out;
    compare("", before, after, out);
    std::ranges::sort(out);
    const auto repeated = std::ranges::unique(out);
    out.erase(repeated.begin(), repeated.end());
    return out;
}

}  // namespace tributary::replay
