// Holds what is served against what is expected, member by member.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "domain/json/value.hpp"
#include "tests/e2e/oracle/expected_documents.hpp"

namespace tributary::e2e {

struct Differences {
    /// Single values that were held against each other.
    std::size_t compared = 0;
    std::size_t found = 0;
    /// The first few, each as "<document>: <path>: <what>".
    std::vector<std::string> examples;

    void add(std::string what);
    /// Lines for a person.
    [[nodiscard]] std::string text() const;
};

/// Compares trees. The order of members does not count, nor that of lists whose elements have ids of ours.
void compare(const json::Value& expected, const json::Value& served, const std::string& at,
             Differences& differences);

/// Compares served documents with the expected ones: none missing, none besides, each the same. `name` is the
/// kind's.
void compare_documents(const Documents& expected, const std::vector<json::Value>& served,
                       const std::string& name, Differences& differences);

/// A served document without its stamp, its freshness and what its sources are in trouble with.
json::Object without_stamp(const json::Value& served);

}  // namespace tributary::e2e
