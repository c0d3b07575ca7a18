// Walks a JSON tree leaf by leaf and damages one at a time, to find out which leaves a decoder looks at.
#pragma once

#include <string>
#include <vector>

#include "domain/json/value.hpp"

namespace tributary::tests::tastytrade {

/// The way to a leaf: keys, and array positions as text.
using Path = std::vector<std::string>;

inline std::string to_text(const Path& path) {
    std::string text;
    for (const std::string& step : path) {
        text += "/" + step;
    }
    return text;
}

inline void collect_leaves(const json::Value& value, const Path& at, std::vector<Path>& leaves) {
    const auto below = [&](const std::string& step, const json::Value& child) {
        Path path = at;
        path.push_back(step);
        collect_leaves(child, path, leaves);
    };
    if (const json::Object* object = value.if_object()) {
        for (const json::Entry& entry : *object) {
            below(entry.key, entry.value);
        }
    } else if (const json::Array* array = value.if_array()) {
        for (std::size_t i = 0; i < array->size(); ++i) {
            below(std::to_string(i), (*array)[i]);
        }
    } else {
        leaves.push_back(at);
    }
}

/// Another value of the same type and form: a date stays a date.
inline json::Value changed(const json::Value& leaf) {
    if (const bool* flag = leaf.if_bool()) {
        return !*flag;
    }
    if (const json::Number* number = leaf.if_number()) {
        return json::Number{number->lexeme + "1"};
    }
    std::string text = leaf.if_string() != nullptr ? *leaf.if_string() : "was null";
    if (!text.empty() && text.back() >= '0' && text.back() <= '9') {
        text.back() = text.back() == '1' ? '2' : '1';
    } else {
        text += 'x';
    }
    return text;
}

enum class Damage { change, remove };

/// A copy in which the leaf at `path` is changed or gone; a path that leads nowhere damages nothing.
inline json::Value damaged(const json::Value& value, const Path& path, Damage damage, std::size_t depth = 0) {
    if (depth == path.size()) {
        return changed(value);
    }
    if (const json::Array* array = value.if_array()) {
        json::Array copy = *array;
        json::Value& child = copy[std::stoul(path[depth])];
        child = damaged(child, path, damage, depth + 1);
        return copy;
    }
    json::Object copy;
    for (const json::Entry& entry : *value.if_object()) {
        if (entry.key != path[depth]) {
            copy.push_back(entry);
        } else if (depth + 1 < path.size() || damage == Damage::change) {
            copy.push_back({entry.key, damaged(entry.value, path, damage, depth + 1)});
        }
    }
    return copy;
}

}  // namespace tributary::tests::tastytrade
