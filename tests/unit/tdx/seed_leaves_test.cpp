// Nothing that the documentation's examples show may be dropped on the way into the domain: every leaf of
// them is changed, and then removed, and each time the decoded page has to differ.
#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "adapters/tdx/decode.hpp"
#include "domain/json/write.hpp"
#include "fixture.hpp"

using namespace tributary;
using tests::fixture;
using tests::tree;

namespace {

using Decoder = std::function<domain::Result<domain::Page>(std::string_view)>;

/// Leaves that decide nothing, each with its reason.
const std::map<std::string, std::string> exempt = {
    {"pagination.cursors.self", "opaque; names the page that was asked for"},
    {"pagination.cursors.first", "opaque; the walk always starts without a cursor"},
    {"pagination.cursors.last", "opaque; empty on a single page, so it never names the last one"},
    {"pagination.cursors.previous", "opaque; the walk never goes back"},
};

/// Where a leaf is: one key or index a step.
using Path = std::vector<std::string>;

json::Value* at(json::Value& value, const std::string& step) {
    if (json::Array* array = value.if_array()) {
        return &array->at(std::stoul(step));
    }
    return &std::ranges::find(*value.if_object(), step, &json::Entry::key)->value;
}

json::Value* at(json::Value& root, const Path& path, std::size_t steps) {
    json::Value* here = &root;
    for (std::size_t i = 0; i < steps; ++i) {
        here = at(*here, path[i]);
    }
    return here;
}

/// Empty arrays and objects count: that they are there says something.
void collect(const json::Value& value, const Path& here, std::vector<Path>& leaves) {
    const json::Array* array = value.if_array();
    const json::Object* object = value.if_object();
    const auto below = [&](const std::string& step, const json::Value& child) {
        Path path = here;
        path.push_back(step);
        collect(child, path, leaves);
    };
    if (array != nullptr && !array->empty()) {
        for (std::size_t i = 0; i < array->size(); ++i) {
            below(std::to_string(i), (*array)[i]);
        }
    } else if (object != nullptr && !object->empty()) {
        for (const json::Entry& entry : *object) {
            below(entry.key, entry.value);
        }
    } else {
        leaves.push_back(here);
    }
}

/// Another value of the same sort: times stay times, so that reading them is tested and not refusing them.
json::Value changed(const json::Value& value) {
    if (const bool* flag = value.if_bool()) {
        return !*flag;
    }
    if (const std::string* text = value.if_string()) {
        return domain::parse_timestamp(*text) ? json::Value("1999-12-31T23:59:59Z")
                                              : json::Value(*text + "-X");
    }
    return json::Array{json::Value("X")};
}

void remove(json::Value& root, const Path& path) {
    json::Value& parent = *at(root, path, path.size() - 1);
    if (json::Array* array = parent.if_array()) {
        array->erase(array->begin() + std::stol(path.back()));
    } else {
        std::erase_if(*parent.if_object(),
                      [&](const json::Entry& entry) { return entry.key == path.back(); });
    }
}

/// What the domain made of an object: all of it but the raw copy, which shows every change by nature.
bool same(const domain::Observation& left, const domain::Observation& right) {
    return left.provider_id == right.provider_id && left.entity == right.entity &&
           left.normalized == right.normalized && left.access == right.access;
}

bool same(const domain::Page& left, const domain::Page& right) {
    return left.next_cursor == right.next_cursor &&
           std::ranges::equal(left.observations, right.observations,
                              [](const auto& a, const auto& b) { return same(a, b); });
}

std::string name_of(const Path& path) {
    std::string name;
    for (const std::string& step : path) {
        name += (name.empty() ? "" : ".") + step;
    }
    return name;
}

/// The leaves of `body` that the decoder does not look at, one a line.
std::string unseen_leaves(const std::string& body, const Decoder& decode) {
    const json::Value root = tree(body);
    const auto original = decode(body);
    REQUIRE(original.has_value());
    std::vector<Path> leaves;
    collect(root, {}, leaves);
    REQUIRE_FALSE(leaves.empty());
    std::string unseen;
    for (const Path& path : leaves) {
        json::Value with_change = root;
        json::Value& leaf = *at(with_change, path, path.size());
        leaf = changed(leaf);
        json::Value without = root;
        remove(without, path);
        const auto after_change = decode(json::write(with_change));
        const auto after_removal = decode(json::write(without));
        // An empty cursor and a missing one mean the same, so only a changed one has to show.
        const bool removal_shows =
            path.back() == "next" || !after_removal || !same(*original, *after_removal);
        const bool change_shows = !after_change || !same(*original, *after_change);
        if ((!change_shows || !removal_shows) && !exempt.contains(name_of(path))) {
            unseen += name_of(path) + "\n";
        }
    }
    return unseen;
}

const domain::EntityRef own_user{domain::EntityKind::profile, "user-uuid"};

struct Example {
    std::string name;
    Decoder decode;
};

const std::vector<Example> examples = {
    {"own_user", tdx::decode_own_user},
    {"client_account", tdx::decode_client_account},
    {"users", [](std::string_view body) { return tdx::decode_users(body, 500); }},
    {"sub_accounts", [](std::string_view body) { return tdx::decode_sub_accounts(body, 500); }},
    {"sub_account", tdx::decode_sub_account},
    {"preferences", [](std::string_view body) { return tdx::decode_preferences(body, "nobody"); }},
    {"user_attributes", [](std::string_view body) { return tdx::decode_attributes(body, 500, own_user); }},
};

}  // namespace

TEST_CASE("decoder keeps every leaf of every documented example") {
    for (const Example& example : examples) {
        CAPTURE(example.name);
        CHECK(unseen_leaves(fixture(example.name), example.decode) == "");
    }
}

TEST_CASE("the walk over the leaves finds one that the decoder ignores") {
    const std::string body = R"({"result": {"id": "s", "name": "n", "ignored": {"deep": ["x", 7]}}})";
    CHECK(unseen_leaves(body, tdx::decode_sub_account) == "result.ignored.deep.0\nresult.ignored.deep.1\n");
}
