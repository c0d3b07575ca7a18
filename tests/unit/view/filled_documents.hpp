// Documents in which every member stands that services/view can write, filled at random.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "domain/kinds.hpp"

namespace tributary::tests {

struct FilledDocuments {
    /// The stamped text of each kind.
    std::map<domain::EntityKind, std::string> texts;
    /// Every text in them that tells something of a person. Each ends in `ending`.
    std::vector<std::string> personal;
};

/// How personal texts end, so that the last four of an account number are the same for everybody.
inline constexpr const char* ending = "0002";

/// Whatever may be shown without personal data is the same for every seed. What tells of a person is not:
/// neither texts, numbers, times and choices nor how long they are and how many there are.
FilledDocuments filled_documents(std::uint32_t seed);

}  // namespace tributary::tests
