// Whatever a provider may send: values of any type cost at most themselves, and half an answer is never an
// answer.
#include <doctest/doctest.h>

#include "domain/json/write.hpp"
#include "fixture.hpp"
#include "leaves.hpp"

using namespace tributary;
using tests::Example;
using tests::examples;
using tests::fixture;
using tests::Path;
using tests::tree;

namespace {

std::size_t objects_in(const domain::Page& page) {
    return page.observations.size() + page.quarantined.size();
}

const std::vector<std::string> values = {"null",        "true", "-0.5",   "1e400", R"("")",
                                         R"("\u0000")", "[]",   "[null]", "{}",    R"({"id": 1})"};

}  // namespace

TEST_CASE("a leaf of any other type or value never costs more than its own object") {
    for (const Example& example : examples) {
        const json::Value root = tree(fixture(example.name));
        const std::size_t objects = objects_in(*example.decode(fixture(example.name)));
        std::vector<Path> leaves;
        tests::collect(*root.find("result"), {"result"}, leaves);
        for (const Path& path : leaves) {
            for (const std::string& value : values) {
                json::Value other = root;
                *tests::at(other, path, path.size()) = tree(value);
                const std::string where = tests::name_of(path);
                CAPTURE(where);
                CAPTURE(value);
                const auto page = example.decode(json::write(other));
                REQUIRE(page.has_value());
                CHECK(objects_in(*page) == objects);
                CHECK(page->item_keys.size() == objects);
                CHECK((page->quarantined.empty() || path.back() == "id"));
            }
        }
    }
}

TEST_CASE("an answer that was cut off anywhere breaks the contract") {
    for (const Example& example : examples) {
        CAPTURE(example.name);
        const std::string body = fixture(example.name);
        const std::size_t end = body.rfind('}');
        for (std::size_t length = 0; length <= end; ++length) {
            const auto page = example.decode(std::string_view(body).substr(0, length));
            REQUIRE_FALSE(page.has_value());
            REQUIRE(page.error().code == domain::Errc::contract);
        }
    }
}
