// An enumeration as we keep it: our normalized value and the provider's own text. A text we do not know
// becomes `other` and is never an error, because providers add values without notice.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace tributary::domain {

template <class E>
struct EnumName {
    E value;
    std::string_view name;
};

/// Each enumeration E of the domain has `constexpr auto names_of(E)` returning an array of EnumName<E>, found
/// by argument-dependent lookup, and an enumerator `other`.
template <class E>
std::string_view name_of(E value)
    requires requires { names_of(E{}); }
{
    for (const auto& entry : names_of(E{})) {
        if (entry.value == value) {
            return entry.name;
        }
    }
    return "other";
}

/// The value with this normalized name; `other` where there is none.
template <class E>
E value_named(std::string_view name)
    requires requires { names_of(E{}); }
{
    for (const auto& entry : names_of(E{})) {
        if (entry.name == name) {
            return entry.value;
        }
    }
    return E::other;
}

template <class E>
struct EnumPair {
    E value = E::other;
    /// The provider's own text; absent where we derived the value from something else (a flag, a set of
    /// permissions).
    std::optional<std::string> provider_text = std::nullopt;

    friend bool operator==(const EnumPair&, const EnumPair&) = default;
};

}  // namespace tributary::domain
