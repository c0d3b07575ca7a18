// Whose word counts first where several providers describe one person: configuration, a field at a time.
// Without any, the newest profile's does.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::domain {

struct Precedence {
    /// For fields without a list of their own.
    std::vector<std::string> usual = {};
    /// By top-level field of a customer, e.g. "email". A list here stands instead of the usual one.
    std::map<std::string, std::vector<std::string>, std::less<>> by_field = {};

    /// The provider's place among those listed for the field, from 0; whoever is not listed comes after all
    /// who are, and all of them alike.
    [[nodiscard]] std::size_t rank(std::string_view field, std::string_view provider) const;
    /// Whether the provider is listed for the field.
    [[nodiscard]] bool lists(std::string_view field, std::string_view provider) const;

    friend bool operator==(const Precedence&, const Precedence&) = default;

  private:
    [[nodiscard]] std::span<const std::string> order_of(std::string_view field) const;
};

/// The top-level fields of a profile that belong to the person rather than to the login, in the order in
/// which a customer shows them: those that are merged.
std::span<const std::string_view> merged_fields();

}  // namespace tributary::domain
