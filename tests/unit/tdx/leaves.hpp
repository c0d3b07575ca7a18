// The documentation's examples with their decoders, and a walk over the leaves of a JSON tree.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/tdx/decode.hpp"
#include "domain/json/value.hpp"

namespace tributary::tests {

/// Where a leaf is: one key or index a step.
using Path = std::vector<std::string>;

inline json::Value* at(json::Value& value, const std::string& step) {
    if (json::Array* array = value.if_array()) {
        return &array->at(std::stoul(step));
    }
    return &std::ranges::find(*value.if_object(), step, &json::Entry::key)->value;
}

inline json::Value* at(json::Value& root, const Path& path, std::size_t steps) {
    json::Value* here = &root;
    for (std::size_t i = 0; i < steps; ++i) {
        here = at(*here, path[i]);
    }
    return here;
}

/// Empty arrays and objects count: that they are there says something.
inline void collect(const json::Value& value, const Path& here, std::vector<Path>& leaves) {
    const json::Array* array = value.if_array();
    const json::Object* object = value.if_object();
    const auto below = [&](const std::string& step, const json::Value& child) {
        Path path = here;
        path.push_back(step);
        collect(child, path, leaves);
    };
    if (array != nullptr && !array->empty()) {
        for (std::size_t i = 0; i < array->size(); ++i) {
            below(std::to_string(i), (*array)[i]);
        }
    } else if (object != nullptr && !object->empty()) {
        for (const json::Entry& entry : *object) {
            below(entry.key, entry.value);
        }
    } else {
        leaves.push_back(here);
    }
}

inline void remove(json::Value& root, const Path& path) {
    json::Value& parent = *at(root, path, path.size() - 1);
    if (json::Array* array = parent.if_array()) {
        array->erase(array->begin() + std::stol(path.back()));
    } else {
        std::erase_if(*parent.if_object(),
                      [&](const json::Entry& entry) { return entry.key == path.back(); });
    }
}

inline std::string name_of(const Path& path) {
    std::string name;
    for (const std::string& step : path) {
        name += (name.empty() ? "" : ".") + step;
    }
    return name;
}

using Decoder = std::function<domain::Result<domain::Page>(std::string_view body)>;

inline const domain::EntityRef own_user{domain::EntityKind::profile, "user-uuid"};

struct Example {
    std::string name;
    Decoder decode;
};

inline const std::vector<Example> examples = {
    {"own_user", tdx::decode_own_user},
    {"client_account", tdx::decode_client_account},
    {"users", [](std::string_view body) { return tdx::decode_users(body, 500); }},
    {"sub_accounts", [](std::string_view body) { return tdx::decode_sub_accounts(body, 500); }},
    {"sub_account", tdx::decode_sub_account},
    {"preferences", [](std::string_view body) { return tdx::decode_preferences(body, "nobody"); }},
    {"user_attributes", [](std::string_view body) { return tdx::decode_attributes(body, 500, own_user); }},
};

}  // namespace tributary::tests
