// Queries and form bodies: `name=value` pairs joined with '&', percent-encoded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tributary::sandbox {

enum class Plus { literal, space };

/// Nothing on a broken escape.
std::optional<std::string> percent_decode(std::string_view text, Plus plus);

class Form {
  public:
    /// Nothing on a broken escape.
    static std::optional<Form> parse(std::string_view text);
    /// The first value of this name.
    [[nodiscard]] std::optional<std::string> find(std::string_view name) const;

  private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

/// Digits alone, up to 18 of them.
std::optional<std::uint64_t> parse_count(std::string_view text);

}  // namespace tributary::sandbox
