#include "domain/ports/http.hpp"

#include <algorithm>

namespace tributary::domain::ports {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::optional<std::string_view> HttpFields::find(std::string_view name) const {
    const auto same = [name](const auto& field) {
        return std::ranges::equal(field.first, name, [](char a, char b) { return lower(a) == lower(b); });
    };
    const auto found = std::ranges::find_if(fields_, same);
    return found == fields_.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

}  // namespace tributary::domain::ports
