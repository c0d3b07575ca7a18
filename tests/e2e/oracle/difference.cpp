#include "tests/e2e/oracle/difference.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "domain/json/write.hpp"
#include "tests/e2e/system/tree.hpp"

namespace tributary::e2e {

namespace {

constexpr std::size_t most_examples = 25;

/// What orders the elements of a list of ours; "" where their order means something.
std::string order_of(const json::Value& element) {
    if (element.find("via") != nullptr) return text(element, "id") + text(element, "via");
    if (element.find("profile_id") != nullptr) return text(element, "profile_id");
    return element.find("provider_id") != nullptr ? text(element, "id") : std::string();
}

std::vector<const json::Value*> in_order(const json::Array& list) {
    std::vector<std::pair<std::string, const json::Value*>> keyed;
    for (const json::Value& element : list) {
        keyed.emplace_back(order_of(element), &element);
    }
    if (!keyed.empty() && !keyed.front().first.empty()) std::ranges::sort(keyed);
    std::vector<const json::Value*> ordered;
    for (const auto& [key, element] : keyed) {
        ordered.push_back(element);
    }
    return ordered;
}

bool is_stamp(std::string_view key) {
    static constexpr std::array<std::string_view, 5> stamp{"version", "created_at", "changed_at",
                                                           "deleted_at", "freshness"};
    return std::ranges::find(stamp, key) != stamp.end();
}

void compare_objects(const json::Object& expected, const json::Object& served, const std::string& at,
                     bool is_document, Differences& differences) {
    for (const json::Entry& member : expected) {
        const json::Value* value = json::find(served, member.key);
        const std::string here = at + "." + member.key;
        if (value == nullptr) {
            differences.add(here + " is missing; expected " + json::write(member.value));
        } else {
            compare(member.value, *value, here, differences);
        }
    }
    for (const json::Entry& member : served) {
        if (json::find(expected, member.key) == nullptr && !(is_document && is_stamp(member.key))) {
            differences.add(at + "." + member.key + " is not expected; served " + json::write(member.value));
        }
    }
}

}  // namespace

void Differences::add(std::string what) {
    ++found;
    if (examples.size() < most_examples) examples.push_back(std::move(what));
}

std::string Differences::text() const {
    std::string all = std::to_string(found) + " differences in " + std::to_string(compared) + " values";
    for (const std::string& example : examples) {
        all += "\n  " + example;
    }
    return all;
}

void compare(const json::Value& expected, const json::Value& served, const std::string& at,
             Differences& differences) {
    if (expected.if_object() != nullptr && served.if_object() != nullptr) {
        compare_objects(*expected.if_object(), *served.if_object(), at, false, differences);
        return;
    }
    if (expected.if_array() != nullptr && served.if_array() != nullptr &&
        expected.if_array()->size() == served.if_array()->size()) {
        const auto left = in_order(*expected.if_array());
        const auto right = in_order(*served.if_array());
        for (std::size_t i = 0; i < left.size(); ++i) {
            compare(*left[i], *right[i], at + "[" + std::to_string(i) + "]", differences);
        }
        return;
    }
    ++differences.compared;
    if (!(expected == served)) {
        differences.add(at + ": expected " + json::write(expected) + ", served " + json::write(served));
    }
}

void compare_documents(const Documents& expected, const std::vector<json::Value>& served,
                       const std::string& name, Differences& differences) {
    std::set<std::string> seen;
    for (const json::Value& document : served) {
        const std::string id = text(document, "id");
        const auto found = expected.find(id);
        if (!seen.insert(id).second) {
            differences.add(name + " " + id + " is served twice");
        } else if (found == expected.end()) {
            differences.add(name + " " + id + " is not expected: " + json::write(document));
        } else {
            compare_objects(found->second, *document.if_object(), name + " " + id, true, differences);
        }
    }
    for (const auto& [id, document] : expected) {
        if (!seen.contains(id)) differences.add(name + " " + id + " is not served");
    }
}

json::Object without_stamp(const json::Value& served) {
    json::Object content = *served.if_object();
    std::erase_if(content,
                  [](const json::Entry& entry) { return is_stamp(entry.key) || entry.key == "partial"; });
    return content;
}

}  // namespace tributary::e2e
