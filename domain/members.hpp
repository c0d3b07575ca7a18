// A struct of the domain lists its members once, by name and pointer; encoding, decoding, composing and
// comparing all walk that list, so a field that is added in one place cannot be forgotten in another.
#pragma once

#include <string_view>
#include <type_traits>

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

/// Takes whatever members there are; what a struct is asked for to see whether it lists any.
struct AnyMembers {
    template <class... M>
    constexpr void operator()(const M&...) const {}
};

/// A struct with `static constexpr void members(visit)`, which calls visit once with a Member for each. A
/// function to call instead of a list to keep: a tuple of thirty types costs a compiler more than all the
/// rest of the struct.
template <class T>
concept Described = requires { T::members(AnyMembers{}); };

/// Calls visit(name, object.*member) for every member in order.
template <Described T, class Visit>
void for_each_member(T& object, Visit&& visit) {
    std::remove_cv_t<T>::members([&](const auto&... m) { (visit(m.name, object.*(m.pointer)), ...); });
}

template <class T, class Visit>
    requires Described<T>
void for_each_member(const T& object, Visit&& visit) {
    T::members([&](const auto&... m) { (visit(m.name, object.*(m.pointer)), ...); });
}

/// Calls visit(name, left.*member, right.*member) for every member in order.
template <Described T, class Visit>
void for_each_member_pair(T& left, const T& right, Visit&& visit) {
    T::members([&](const auto&... m) { (visit(m.name, left.*(m.pointer), right.*(m.pointer)), ...); });
}

}  // namespace tributary::domain
