#include "domain/precedence.hpp"

#include <algorithm>

#include "domain/profile.hpp"

namespace tributary::domain {

std::span<const std::string> Precedence::order_of(std::string_view field) const {
    const auto own = by_field.find(field);
    return own == by_field.end() ? std::span(usual) : std::span(own->second);
}

std::size_t Precedence::rank(std::string_view field, std::string_view provider) const {
    const auto order = order_of(field);
    return static_cast<std::size_t>(std::ranges::find(order, provider) - order.begin());
}

bool Precedence::lists(std::string_view field, std::string_view provider) const {
    return rank(field, provider) < order_of(field).size();
}

std::span<const std::string_view> merged_fields() {
    static constexpr std::string_view of_the_login[] = {
        "status",     "type",    "username",          "preferences",
        "attributes", "details", "source_created_at", "source_updated_at"};
    static const std::vector<std::string_view> fields = [] {
        std::vector<std::string_view> all;
        for_each_member(Profile{}, [&all](std::string_view name, const auto&) {
            if (std::ranges::find(of_the_login, name) == std::end(of_the_login)) {
                all.push_back(name);
            }
        });
        return all;
    }();
    return fields;
}

}  // namespace tributary::domain
