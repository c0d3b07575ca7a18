// The documentation's own examples, and small ways to look into what became of them.
#pragma once

#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "domain/json/parse.hpp"
#include "domain/observation.hpp"

namespace tributary::tests {

inline std::string fixture(const std::string& name) {
    std::ifstream file(std::string(TRIBUTARY_FIXTURES) + "/tdx/" + name + ".json");
    REQUIRE(file.good());
    return {std::istreambuf_iterator<char>(file), {}};
}

inline json::Value tree(std::string_view text) {
    const auto parsed = json::parse(text);
    REQUIRE(parsed.has_value());
    return parsed->root;
}

/// The text under a key of `details`, or "" where it is missing or no text.
inline std::string text_in(const json::Object& object, std::string_view key) {
    const json::Value* value = json::find(object, key);
    return value != nullptr && value->if_string() != nullptr ? *value->if_string() : "";
}

inline bool has_note(const domain::Page& page, domain::DriftKind kind, std::string_view path) {
    for (const domain::DriftNote& note : page.drift) {
        if (note.kind == kind && note.path == path) {
            return true;
        }
    }
    return false;
}

}  // namespace tributary::tests
