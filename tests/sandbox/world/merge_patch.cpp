#include "tests/sandbox/world/merge_patch.hpp"

#include <algorithm>

namespace tributary::sandbox {

void merge_patch(json::Object& target, const json::Object& patch) {
    for (const json::Entry& entry : patch) {
        const auto place = std::ranges::find(target, entry.key, &json::Entry::key);
        if (entry.value.is_null()) {
            if (place != target.end()) {
                target.erase(place);
            }
            continue;
        }
        const json::Object* members = entry.value.if_object();
        if (members == nullptr) {
            json::set(target, entry.key, entry.value);
            continue;
        }
        if (place == target.end()) {
            target.push_back({entry.key, json::Object{}});
        } else if (place->value.if_object() == nullptr) {
            place->value = json::Object{};
        }
        merge_patch(*std::ranges::find(target, entry.key, &json::Entry::key)->value.if_object(), *members);
    }
}

}  // namespace tributary::sandbox
