#include "domain/change.hpp"

#include <string>

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

}  // namespace

json::Array difference(const json::Value& before, const json::Value& after) {
    json::Array out;
    compare("", &before, &after, out);
    return out;
}

}  // namespace tributary::domain
