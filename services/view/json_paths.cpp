#include "services/view/json_paths.hpp"

#include <algorithm>

namespace tributary::view {

namespace {

std::string step(std::string_view key) {
    const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    const bool plain = !key.empty() && letter(key.front()) &&
                       std::ranges::all_of(key, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
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
    std::vector<std::string> paths;
    for (std::string_view rest : origin.places) {
        // What is there as null is better than nothing.
        std::string chosen;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find('|'), rest.size());
            Place place = place_of(payload, rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
            if (place.value != nullptr && (chosen.empty() || !place.value->is_null())) {
                chosen = std::move(place.path);
                if (!place.value->is_null()) {
                    break;
                }
            }
        }
        if (!chosen.empty()) {
            paths.push_back(std::move(chosen));
        }
    }
    return paths;
}

}  // namespace tributary::view
