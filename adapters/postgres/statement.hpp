// Statements that a session prepares once, by name.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

namespace tributary::postgres {

/// Takes a statement's text and gives the one to run in its place.
using Rewriting = std::function<std::string(std::string)>;

/// A statement that runs often and alike: prepared once a session, the server parses it no more. Its plan is
/// made anew for the values of each run.
class Statement {
  public:
    /// `what` shows in the server's views; up to 40 characters, for the server looks at 63 of the name.
    Statement(std::string_view what, std::string sql)
        : name_(std::string(what) + "_" + std::to_string(std::hash<std::string>{}(sql))),
          sql_(std::move(sql)) {}

    /// Another for each text, so that a session which some pooler shares between releases of this program
    /// never runs the text of the other one.
    [[nodiscard]] const std::string& name() const { return name_; }

    [[nodiscard]] const std::string& sql() const { return sql_; }

  private:
    std::string name_;
    std::string sql_;
};

/// What was prepared on one connection, and as old as that.
struct PreparedStatements {
    std::unordered_set<std::string> names;
    /// Preparing began and its answer has not come: the server may have the statement or not.
    bool preparing = false;
};

}  // namespace tributary::postgres
