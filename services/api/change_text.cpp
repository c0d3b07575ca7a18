#include "services/api/change_text.hpp"

#include <algorithm>
#include <ranges>
#include <vector>

#include "domain/change.hpp"
#include "domain/document.hpp"
#include "services/view/masked.hpp"

namespace tributary::api {

using domain::ports::StoredChange;

namespace {

/// What differs between this version and the one before; of what came or went, between it and nothing.
json::Array fields_of(const StoredChange& change) {
    if (!change.body) {
        const json::Value stored = domain::document_tree(change.diff);
        return stored.if_array() == nullptr ? json::Array() : *stored.if_array();
    }
    const json::Value content = domain::document_tree(domain::content_of(*change.body));
    const json::Value nothing = json::Object();
    return change.operation == "removed" ? domain::difference(content, nothing)
                                         : domain::difference(nothing, content);
}

/// The names of a pointer, unescaped.
std::vector<std::string> steps_of(std::string_view pointer) {
    std::vector<std::string> steps;
    if (pointer.empty()) {
        return steps;
    }
    for (const auto part : pointer.substr(1) | std::views::split('/')) {
        std::string name;
        for (const char c : std::string_view(part)) {
            if (name.ends_with('~') && (c == '0' || c == '1')) {
                name.back() = c == '0' ? '\0' : '/';
            } else {
                name += c;
            }
        }
        std::ranges::replace(name, '\0', '~');
        steps.push_back(std::move(name));
    }
    return steps;
}

/// The value as it stands in a masked document, at its place there.
std::optional<json::Value> masked_at(domain::EntityKind kind, const std::vector<std::string>& steps,
                                     const json::Value& value) {
    if (steps.empty()) {
        return std::nullopt;
    }
    json::Value nested = value;
    for (const std::string& step : steps | std::views::reverse) {
        nested = json::Object{{step, std::move(nested)}};
    }
    const json::Value seen = view::masked_members(kind, *nested.if_object());
    const json::Value* at = &seen;
    for (const std::string& step : steps) {
        at = at->find(step);
        if (at == nullptr) {
            return std::nullopt;
        }
    }
    return *at;
}

json::Array masked_fields(domain::EntityKind kind, const json::Array& fields) {
    json::Array seen;
    for (const json::Value& field : fields) {
        const json::Value* path = field.find("path");
        const auto steps = steps_of(*path->if_string());
        json::Object masked{{"path", *path}};
        for (const std::string_view side : {"before", "after"}) {
            const json::Value* value = field.find(side);
            if (value == nullptr) {
                continue;
            }
            if (auto shown = masked_at(kind, steps, *value)) {
                masked.push_back({std::string(side), std::move(*shown)});
            }
        }
        if (masked.size() > 1) {
            seen.emplace_back(std::move(masked));
        }
    }
    return seen;
}

}  // namespace

domain::Position position_of(const StoredChange& change) {
    return {change.commit.number, change.ordinal, domain::mark_of(change.commit.at)};
}

json::Object change_object(const StoredChange& change, Variant variant) {
    json::Array fields = fields_of(change);
    if (variant == Variant::masked) {
        fields = masked_fields(change.kind, fields);
    }
    json::Object object{{"position", to_text(position_of(change))},
                        {"commit", change.commit.number},
                        {"at", domain::to_text(change.commit.at)},
                        {"kind", domain::name_of(change.kind)},
                        {"id", to_text(change.document)},
                        {"operation", change.operation},
                        {"version", change.version},
                        {"cause", json::Object{{"kind", change.cause}, {"id", to_text(change.run_id)}}},
                        {"fields", std::move(fields)}};
    if (change.merged_into && change.operation == "removed") {
        object.push_back({"merged_into", to_text(*change.merged_into)});
    }
    return object;
}

}  // namespace tributary::api
