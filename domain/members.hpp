// A struct of the domain lists its members once, by name and pointer; encoding, decoding, composing and
// comparing all walk that list, so a field that is added in one place cannot be forgotten in another.
#pragma once

#include <string_view>
#include <tuple>

namespace tributary::domain {

template <class Owner, class T>
struct Member {
    std::string_view name;
    T Owner::* pointer;
};

template <class Owner, class T>
constexpr Member<Owner, T> member(std::string_view name, T Owner::* pointer) {
    return {name, pointer};
}

/// A struct with `static constexpr auto members()` returning a tuple of Member.
template <class T>
concept Described = requires { T::members(); };

/// Calls visit(name, object.*member) for every member in order.
template <Described T, class Visit>
void for_each_member(T& object, Visit&& visit) {
    std::apply([&](const auto&... m) { (visit(m.name, object.*(m.pointer)), ...); },
               std::remove_cv_t<T>::members());
}

template <class T, class Visit>
    requires Described<T>
void for_each_member(const T& object, Visit&& visit) {
    std::apply([&](const auto&... m) { (visit(m.name, object.*(m.pointer)), ...); }, T::members());
}

/// Calls visit(name, left.*member, right.*member) for every member in order.
template <Described T, class Visit>
void for_each_member_pair(T& left, const T& right, Visit&& visit) {
    std::apply([&](const auto&... m) { (visit(m.name, left.*(m.pointer), right.*(m.pointer)), ...); },
               T::members());
}

}  // namespace tributary::domain
