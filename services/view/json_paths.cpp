#include "services/view/json_paths.hpp"

#include <algorithm>

namespace tributary::view {

namespace {

std::string step(std::string_view key) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    const bool plain = !key.empty() && letter(key.front()) && std::ranges::all_of(key, [&](char c) {
        return letter(c) || (c >= '0' && c <= '9');
    });
    return plain ? "." + std::string(key) : "['" + std::string(key) + "']";
}

struct Place {
    std::string path;
    const json::Value* value = nullptr;
};

Place place_of(const json::Value& payload, std::string_view dotted) {
    Place place{"$", &payload};
    while (!dotted.empty() && place.value != nullptr) {
        const std::size_t end = std::min(dotted.find('.'), dotted.size());
        place.path += step(dotted.substr(0, end));
        place.value = place.value->find(dotted.substr(0, end));
        dotted.remove_prefix(std::min(end + 1, dotted.size()));
    }
    return place;
}

}  // namespace

std::vector<std::string> json_paths(const json::Value& payload, const domain::ports::FieldOrigin& origin) {
    std::vector<std::string> with_value;
    std::vector<std::string> there;
    for (const std::string_view dotted : origin.paths) {
        Place place = place_of(payload, dotted);
        if (place.value != nullptr) {
            there.push_back(place.path);
            if (!place.value->is_null()) {
                with_value.push_back(std::move(place.path));
            }
        }
    }
    std::vector<std::string>& chosen = with_value.empty() ? there : with_value;
    if (!origin.together && chosen.size() > 1) {
        chosen.resize(1);
    }
    return std::move(chosen);
}

}  // namespace tributary::view
