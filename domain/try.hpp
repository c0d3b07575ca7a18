// Hands an Error up to the caller. Two macros, because the language has no operator for it: with them a
// sequence of fallible steps reads as the sequence it is.
#pragma once

#include <expected>
#include <utility>

/// Returns the error of `expression` from the enclosing function, if it failed.
#define TRIBUTARY_TRY(expression)                                         \
    do {                                                                  \
        if (auto tributary_attempt = (expression); !tributary_attempt) {  \
            return std::unexpected(std::move(tributary_attempt).error()); \
        }                                                                 \
    } while (false)

/// As TRIBUTARY_TRY, and names the value where it succeeded.
#define TRIBUTARY_TRY_LET(name, expression)                        \
    auto name##_attempt = (expression);                            \
    if (!name##_attempt) {                                         \
        return std::unexpected(std::move(name##_attempt).error()); \
    }                                                              \
    auto& name = *name##_attempt
