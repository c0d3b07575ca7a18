#include "domain/ports/http.hpp"

#include <algorithm>

namespace tributary::domain::ports {

namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, [](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace

std::optional<std::string_view> HttpFields::find(std::string_view name) const {
    const auto found =
        std::ranges::find_if(fields_, [name](const auto& field) { return same_name(field.first, name); });
    return found == fields_.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

std::string HttpFields::joined(std::string_view name) const {
    std::string all;
    for (const auto& [field, value] : fields_) {
        if (same_name(field, name)) {
            all.append(all.empty() ? "" : ",").append(value);
        }
    }
    return all;
}

}  // namespace tributary::domain::ports
