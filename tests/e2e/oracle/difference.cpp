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

json::Array in_order(const json::Array& list) {
    json::Array sorted = list;
    if (!list.empty() && !order_of(list.front()).empty()) std::ranges::sort(sorted, {}, order_of);
    return sorted;
}

void compare_objects(const json::Object& expected, const json::Object& served, const std::string& at,
                     Differences& differences) {
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
        if (json::find(expected, member.key) == nullptr) {
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
        compare_objects(*expected.if_object(), *served.if_object(), at, differences);
        return;
    }
    if (expected.if_array() != nullptr && served.if_array() != nullptr &&
        expected.if_array()->size() == served.if_array()->size()) {
        const json::Array left = in_order(*expected.if_array());
        const json::Array right = in_order(*served.if_array());
        for (std::size_t i = 0; i < left.size(); ++i) {
            compare(left[i], right[i], at + "[" + std::to_string(i) + "]", differences);
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
            compare(found->second, without_stamp(document), name + " " + id, differences);
        }
    }
    for (const auto& [id, document] : expected) {
        if (!seen.contains(id)) differences.add(name + " " + id + " is not served");
    }
}

json::Object without_stamp(const json::Value& served) {
    static constexpr std::array<std::string_view, 5> stamp{"version", "created_at", "changed_at",
                                                           "deleted_at", "freshness"};
    json::Object content = *served.if_object();
    std::erase_if(
        content, [](const json::Entry& entry) { return std::ranges::find(stamp, entry.key) != stamp.end(); });
    return content;
}

}  // namespace tributary::e2e
