#include "domain/change.hpp"

#include <doctest/doctest.h>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"

using namespace tributary;

namespace {

std::string changes(const char* before, const char* after) {
    return json::write(domain::difference(json::parse(before)->root, json::parse(after)->root));
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
