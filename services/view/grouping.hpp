// Sets as the store takes them, and its rows by what they belong to.
#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

namespace tributary::view {

template <class T>
std::vector<T> listed(const std::set<T>& set) {
    return {set.begin(), set.end()};
}

/// Rows by the value of one of their members, in the order they came.
template <class Key, class T>
std::map<Key, std::vector<T>> grouped(std::vector<T> rows, Key T::* key) {
    std::map<Key, std::vector<T>> groups;
    for (T& row : rows) {
        const Key of_row = row.*key;
        groups[of_row].push_back(std::move(row));
    }
    return groups;
}

}  // namespace tributary::view
