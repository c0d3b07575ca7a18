// Statements that a session prepares once, by name.
#pragma once

#include <string>
#include <unordered_set>

namespace tributary::postgres {

/// A statement that runs often and alike: prepared once a session, the server parses it no more. Its plan is
/// made anew for the values of each run.
struct Statement {
    /// Another for each statement of the program.
    const char* name;
    std::string sql;
};

/// Names of what was prepared on one connection, and as old as that.
using PreparedNames = std::unordered_set<std::string>;

}  // namespace tributary::postgres
