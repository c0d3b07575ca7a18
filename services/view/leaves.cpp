#include "services/view/leaves.hpp"

#include <algorithm>

namespace tributary::view {

namespace {

void collect(const json::Object& object, const std::string& prefix, Leaves& leaves) {
    for (const json::Entry& entry : object) {
        if (const json::Object* inner = entry.value.if_object()) {
            collect(*inner, prefix + entry.key + ".", leaves);
        } else {
            leaves.emplace_back(prefix + entry.key, entry.value);
        }
    }
}

}  // namespace

Leaves leaves_of(const json::Object& object) {
    Leaves leaves;
    collect(object, "", leaves);
    return leaves;
}

const json::Value* leaf(const Leaves& leaves, std::string_view path) {
    const auto found = std::ranges::find(leaves, path, &Leaves::value_type::first);
    return found == leaves.end() ? nullptr : &found->second;
}

}  // namespace tributary::view
