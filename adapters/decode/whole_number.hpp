// Numbers that may stand for an id.
#pragma once

#include <algorithm>

#include "domain/json/value.hpp"

namespace tributary::decode {

/// Digits alone: 7, but neither -7, 7.0 nor 7e3, each of which could be written in other ways too.
inline bool is_whole(const json::Number& number) {
    return std::ranges::all_of(number.lexeme, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace tributary::decode
