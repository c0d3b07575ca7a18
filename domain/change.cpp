#include "domain/change.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "domain/document.hpp"
#include "domain/json/slices.hpp"
#include "domain/json/write.hpp"

namespace tributary::domain {

namespace {

/// RFC 6901; whole names, for whoever applies the change needs them.
std::string step(const std::string& parent, std::string_view name) {
    std::string pointer = parent + '/';
    for (const char c : name) {
        if (c == '~') {
            pointer += "~0";
        } else if (c == '/') {
            pointer += "~1";
        } else {
            pointer += c;
        }
    }
    return pointer;
}

void compare(const std::string& path, const json::Value* before, const json::Value* after, json::Array& out) {
    if (before != nullptr && after != nullptr) {
        const json::Object* old_object = before->if_object();
        const json::Object* new_object = after->if_object();
        if (old_object != nullptr && new_object != nullptr) {
            for (const json::Entry& entry : *old_object) {
                compare(step(path, entry.key), &entry.value, json::find(*new_object, entry.key), out);
            }
            for (const json::Entry& entry : *new_object) {
                if (json::find(*old_object, entry.key) == nullptr) {
                    compare(step(path, entry.key), nullptr, &entry.value, out);
                }
            }
            return;
        }
        if (*before == *after) {
            return;
        }
    }
    json::Object difference{{"path", path}};
    if (before != nullptr) {
        difference.push_back({"before", *before});
    }
    if (after != nullptr) {
        difference.push_back({"after", *after});
    }
    out.push_back(std::move(difference));
}

using Piece = std::optional<std::string_view>;

Piece under(const std::vector<json::Slice>& members, std::string_view key) {
    const auto found = std::ranges::find(members, key, &json::Slice::key);
    return found == members.end() ? std::nullopt : Piece(found->value);
}

/// `path` as it stands within a JSON string; no escape of one holds what step() replaces.
bool compare_texts(const std::string& path, Piece before, Piece after, std::string& out) {
    if (before == after) return true;
    if (before && after && before->starts_with('{') && after->starts_with('{')) {
        const auto old_members = json::members_of(*before);
        const auto new_members = json::members_of(*after);
        if (!old_members || !new_members) return false;
        const bool all_compact = std::ranges::all_of(*old_members, [&](const json::Slice& member) {
            return compare_texts(step(path, member.key), member.value, under(*new_members, member.key), out);
        });
        return all_compact && std::ranges::all_of(*new_members, [&](const json::Slice& member) {
                   return under(*old_members, member.key) ||
                          compare_texts(step(path, member.key), std::nullopt, member.value, out);
               });
    }
    out.append(out.empty() ? "" : ",").append("{\"path\":\"").append(path) += '"';
    if (before) out.append(",\"before\":").append(*before);
    if (after) out.append(",\"after\":").append(*after);
    out += '}';
    return true;
}

}  // namespace

std::string difference_text(std::string_view before, std::string_view after) {
    std::string entries;
    if (compare_texts("", before, after, entries)) return '[' + entries + ']';
    return json::write(difference(document_tree(before), document_tree(after)));
}

json::Array difference(const json::Value& before, const json::Value& after) {
    json::Array out;
    compare("", &before, &after, out);
    return out;
}

}  // namespace tributary::domain
