// Path and query of a request, taken apart and percent-decoded for the handlers. Strict and pure: a bad
// escape, a control character, ill-formed UTF-8 or a parameter given twice is an error, never a guess.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/error.hpp"

namespace tributary::http {

/// The decoded segments of an encoded path: "/v1/customers/a%2Fb" is {"v1", "customers", "a/b"}, "/" is {}. A
/// trailing slash gives a last empty segment. Errc::invalid_input on bad encoding and on the segments "." and
/// "..".
domain::Result<std::vector<std::string>> split_path(std::string_view path);

/// The decoded parameters of a query, each key once.
class Query {
  public:
    using Parameter = std::pair<std::string, std::string>;

    explicit Query(std::vector<Parameter> parameters = {}) : parameters_(std::move(parameters)) {}

    /// Nothing where the key was not given; "k" and "k=" give an empty text.
    [[nodiscard]] const std::string* find(std::string_view key) const;

    /// In the order they were sent.
    [[nodiscard]] auto begin() const { return parameters_.begin(); }

    [[nodiscard]] auto end() const { return parameters_.end(); }

    [[nodiscard]] bool empty() const { return parameters_.empty(); }

  private:
    std::vector<Parameter> parameters_;
};

/// Reads "a=1&b=x%20y" (without '?'). '+' is a space, as forms write it. Errc::invalid_input on bad encoding,
/// an empty key or a key given twice; the detail names a repeated key.
domain::Result<Query> split_query(std::string_view query);

}  // namespace tributary::http
