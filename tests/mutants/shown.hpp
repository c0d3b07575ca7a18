// Any value of the ports as text, member by member, so that two answers can be compared and nothing that one
// of them has is left out.
#pragma once

#include <boost/pfr.hpp>
#include <chrono>
#include <concepts>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <type_traits>
#include <variant>

#include "domain/time.hpp"
#include "domain/uuid.hpp"

namespace tributary::mutants {

template <class T>
std::string shown(const T& value);

template <class T>
std::string shown(const std::shared_ptr<T>& value) {
    return value ? shown(*value) : "-";
}

template <class T>
std::string shown(const std::optional<T>& value) {
    return value ? shown(*value) : "-";
}

template <class... T>
std::string shown(const std::variant<T...>& value) {
    return std::visit([](const auto& held) { return shown(held); }, value);
}

template <class T>
std::string shown(const T& value) {
    if constexpr (std::convertible_to<T, std::string>) {
        return "'" + std::string(value) + "'";
    } else if constexpr (std::is_enum_v<T>) {
        return std::to_string(static_cast<long long>(value));
    } else if constexpr (std::is_arithmetic_v<T>) {
        return std::to_string(value);
    } else if constexpr (requires { domain::to_text(value); }) {
        return domain::to_text(value);
    } else if constexpr (requires { value.count(); }) {
        return std::to_string(value.count());
    } else if constexpr (std::ranges::input_range<T>) {
        std::string text = "[";
        for (const auto& element : value) {
            text += shown(element) + "; ";
        }
        return text + "]";
    } else {
        std::string text = "{";
        boost::pfr::for_each_field(value, [&text](const auto& field) { text += shown(field) + ", "; });
        return text + "}";
    }
}

}  // namespace tributary::mutants
