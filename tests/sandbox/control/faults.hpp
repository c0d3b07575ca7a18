// Faults asked for through the control listener: rules that bend the next replies of a provider.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "domain/json/value.hpp"
#include "tests/sandbox/control/exchange.hpp"
#include "tests/sandbox/face/face.hpp"

namespace tributary::sandbox {

/// Which requests, and what happens to them. All that is given happens.
struct Fault {
    std::string provider;
    std::string path_prefix = "/";
    /// Empty: any.
    std::string method;
    /// Empty: any; else a part of the query.
    std::string query_contains;
    /// So many matching requests pass unharmed first.
    std::uint64_t after = 0;
    /// So many are harmed.
    std::uint64_t times = 1;

    std::chrono::milliseconds delay{0};
    /// Answered in the provider's place: it never sees the request.
    std::optional<int> status;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    bool cut = false;
    std::optional<std::size_t> truncate_at;
    /// The page's item at this index is missing; a `count` of the page shrinks, a total does not.
    std::optional<std::size_t> drop_item;
    /// A JSON merge patch on the reply's body.
    std::optional<json::Object> merge;
};

/// Reads one rule; a sentence that names the offending member otherwise.
std::expected<Fault, std::string> parse_fault(const json::Object& object);

class Faults {
  public:
    void add(Fault fault) { faults_.push_back(std::move(fault)); }

    void clear() { faults_.clear(); }

    [[nodiscard]] const std::vector<Fault>& all() const { return faults_; }

    /// Lets `face` answer, bent by the first rule that matches and has harm left to do.
    Exchange apply(Face& face, const HttpRequest& request);

  private:
    Fault* find(std::string_view provider, const HttpRequest& request);
    std::vector<Fault> faults_;
};

}  // namespace tributary::sandbox
