// Makes one object out of what several records say about it, field by field: the fullest shape first, then
// the newest. A field the better record does not mention is taken from the next; a null is something said and
// wins.
#pragma once

#include <algorithm>
#include <vector>

#include "domain/field.hpp"
#include "domain/json/value.hpp"
#include "domain/members.hpp"
#include "domain/profile.hpp"

namespace tributary::domain {

template <class T>
void complete_with(Field<T>& field, const Field<T>& other) {
    if (field.is_absent()) {
        field = other;
    }
}

/// Whole lists: the first record that has any elements decides.
template <class T>
void complete_with(std::vector<T>& list, const std::vector<T>& other) {
    if (list.empty()) {
        list = other;
    }
}

/// Attributes are records of their own: the union by id.
inline void complete_with(std::vector<Attribute>& list, const std::vector<Attribute>& other) {
    for (const Attribute& attribute : other) {
        if (std::ranges::find(list, attribute.id, &Attribute::id) == list.end()) {
            list.push_back(attribute);
        }
    }
    std::ranges::sort(list, {}, &Attribute::id);
}

/// Details: member by member.
inline void complete_with(json::Object& object, const json::Object& other) {
    for (const json::Entry& entry : other) {
        if (json::find(object, entry.key) == nullptr) {
            object.push_back(entry);
        }
    }
}

template <Described T>
void complete_with(T& object, const T& other) {
    for_each_member_pair(
        object, other, [](std::string_view, auto& mine, const auto& theirs) { complete_with(mine, theirs); });
}

}  // namespace tributary::domain
