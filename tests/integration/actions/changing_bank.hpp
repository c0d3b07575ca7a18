// A provider whose objects can be changed, and that answers as a test says.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "domain/ports/provider.hpp"

namespace tributary::tests {

/// What the bank knows and does. Outlives its sessions.
struct ChangingBank {
    /// What becomes of one request.
    struct Turn {
        /// Whether a change is made; a look makes none.
        bool does = true;
        /// What is answered instead of how things stand.
        std::optional<domain::Error> answers = std::nullopt;
        /// The process that asks dies before the answer.
        bool dies = false;
    };

    // What it has: a profile p1 with a language and attributes, and a group g1.
    std::string language = "english";
    std::set<std::string> attributes{"7"};
    std::string group_status = "active";
    /// Keys of creations; each made a group.
    std::set<std::string> groups_made;
    /// What is closed is closed at once.
    bool closes_at_once = false;

    /// Of the requests to come; past them all goes well.
    std::deque<Turn> performs;
    std::deque<Turn> looks;
    /// In their order: "perform", "look".
    std::vector<std::string> asked;
    /// How often something was changed.
    int effects = 0;
    /// Runs before a change is made; may be empty.
    std::function<domain::ports::Task<void>()> before_perform;
};

/// The bank outlives it.
std::unique_ptr<domain::ports::Provider> make_changing_bank(ChangingBank& bank);

}  // namespace tributary::tests
