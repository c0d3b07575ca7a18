#include "domain/change.hpp"

#include <doctest/doctest.h>

#include <string>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"

using namespace tributary;

namespace {

/// Both ways of finding it must say the same.
std::string changes(const std::string& before, const std::string& after) {
    const auto found = json::write(domain::difference(json::parse(before)->root, json::parse(after)->root));
    CHECK(domain::difference_text(before, after) == found);
    return found;
}

}  // namespace

TEST_CASE("a difference names changed, added and vanished fields by path with both values") {
    CHECK(
        changes(R"({"a":1,"b":{"c":"x","d":2}})", R"({"a":1,"b":{"c":"y","e":null}})") ==
        R"([{"path":"/b/c","before":"x","after":"y"},{"path":"/b/d","before":2},{"path":"/b/e","after":null}])");
}

TEST_CASE("lists are compared as a whole and equal documents do not differ") {
    CHECK(changes(R"({"a":[1,2]})", R"({"a":[2,1]})") == R"([{"path":"/a","before":[1,2],"after":[2,1]}])");
    CHECK(changes(R"({"a":[1,{"b":2}]})", R"({"a":[1,{"b":2}]})") == "[]");
}

TEST_CASE("a difference is found between texts whatever their values hold") {
    CHECK(
        changes(R"({"a~/\"b":{"c":"]}\\"},"d":[{"e":",{"}],"n":-1.50,"t":true,"z":null,"o":{}})",
                R"({"a~/\"b":{"c":"]}\\\""},"d":[{"e":",["}],"n":-1.5,"t":false,"o":{"p":{}}})") ==
        R"([{"path":"/a~0~1\"b/c","before":"]}\\","after":"]}\\\""},)"
        R"({"path":"/d","before":[{"e":",{"}],"after":[{"e":",["}]},{"path":"/n","before":-1.50,"after":-1.5},)"
        R"({"path":"/t","before":true,"after":false},{"path":"/z","before":null},)"
        R"({"path":"/o/p","after":{}}])");
    CHECK(changes(R"({"a":{"b":1}})", R"({"a":[1]})") == R"([{"path":"/a","before":{"b":1},"after":[1]}])");
    CHECK(changes("{}", R"({"a":1})") == R"([{"path":"/a","after":1}])");
}

TEST_CASE("a text with white space does not differ from one without") {
    CHECK(changes(R"({"a": 1, "b": {"c": [1, 2]}})", R"({"a":1,"b":{"c":[1,2]}})") == "[]");
    CHECK(changes(R"({"a":{"b":[1, 2],"c":3}})", R"({"a":{"b":[1,2],"c":4}})") ==
          R"([{"path":"/a/c","before":3,"after":4}])");
}
