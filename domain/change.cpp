#include "domain/change.hpp"

#include <string>

namespace tributary::domain {

namespace {

void compare(const std::string& path, const json::Value* before, const json::Value* after, json::Array& out) {
    if (before != nullptr && after != nullptr) {
        const json::Object* old_object = before->if_object();
        const json::Object* new_object = after->if_object();
        if (old_object != nullptr && new_object != nullptr) {
            const std::string prefix = path.empty() ? "" : path + ".";
            for (const json::Entry& entry : *old_object) {
                compare(prefix + entry.key, &entry.value, json::find(*new_object, entry.key), out);
            }
            for (const json::Entry& entry : *new_object) {
                if (json::find(*old_object, entry.key) == nullptr) {
                    compare(prefix + entry.key, nullptr, &entry.value, out);
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
