// Numbers that may stand for an id, and the ids that may be one.
#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "domain/json/value.hpp"

namespace tributary::decode {

/// Digits alone: 7, but neither -7, 7.0 nor 7e3, each of which could be written in other ways too.
inline bool is_whole(const json::Number& number) {
    return std::ranges::all_of(number.lexeme, [](char c) { return c >= '0' && c <= '9'; });
}

/// An id as text, however it was sent: a text that is not empty, or a whole number. Nothing where `id` is
/// anything else or nullptr.
inline std::optional<std::string> id_text(const json::Value* id) {
    if (id == nullptr) {
        return std::nullopt;
    }
    if (const json::Number* number = id->if_number()) {
        return is_whole(*number) ? std::optional(number->lexeme) : std::nullopt;
    }
    const std::string* text = id->if_string();
    return text != nullptr && !text->empty() ? std::optional(*text) : std::nullopt;
}

}  // namespace tributary::decode
