// Nothing that the documentation's examples show may be dropped on the way into the domain: every leaf of
// them is changed, and then removed, and each time the decoded page has to differ.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "domain/json/write.hpp"
#include "fixture.hpp"
#include "leaves.hpp"

using namespace tributary;
using tests::at;
using tests::collect;
using tests::Decoder;
using tests::Example;
using tests::examples;
using tests::fixture;
using tests::name_of;
using tests::Path;
using tests::remove;
using tests::tree;

namespace {

/// Leaves that decide nothing, each with its reason.
const std::map<std::string, std::string> exempt = {
    {"pagination.cursors.self", "opaque; names the page that was asked for"},
    {"pagination.cursors.first", "opaque; the walk always starts without a cursor"},
    {"pagination.cursors.last", "opaque; empty on a single page, so it never names the last one"},
    {"pagination.cursors.previous", "opaque; the walk never goes back"},
};

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
