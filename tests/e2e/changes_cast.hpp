// Who takes part when the population changes: one object of each kind for each fate, and the operations that
// the sandbox's control listener takes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/json/value.hpp"

namespace tributary::e2e {

/// An object of the population.
struct Subject {
    std::string provider;
    std::string kind;
    std::string id;
};

/// An operation without more to say: "remove" or "readd".
json::Object operation(std::string_view op, const Subject& subject);
/// A JSON merge patch on the object.
json::Value change(const Subject& subject, json::Object patch);
/// `parent` says whose list it stands in; empty where there is none.
json::Value addition(const Subject& subject, const std::string& parent, json::Object value);

/// Chosen from a population, which must outlive it.
class Cast {
  public:
    explicit Cast(const json::Value& population) : population_(population) {}

    /// Removed in the first round and brought back in the second. Attributes and grants are no documents.
    [[nodiscard]] std::vector<Subject> removed() const;
    [[nodiscard]] json::Array changes() const;
    /// Added in the first round and removed in the second, each after what it hangs on.
    [[nodiscard]] std::vector<Subject> added() const;
    /// The operations that add them.
    [[nodiscard]] json::Array additions() const;

  private:
    [[nodiscard]] std::string own_user() const;
    [[nodiscard]] std::string account_number(const std::string& login, std::size_t index) const;

    const json::Value& population_;
};

}  // namespace tributary::e2e
