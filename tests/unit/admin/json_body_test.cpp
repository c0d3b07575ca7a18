#include "services/admin/json_body.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tributary;

namespace {

std::vector<std::string> faults_of(std::string_view body) {
    const auto read = admin::read_json_body(body);
    std::vector<std::string> pointers;
    for (const domain::Error& fault : read ? std::vector<domain::Error>() : read.error()) {
        CHECK(fault.code == domain::Errc::invalid_input);
        pointers.push_back(fault.pointer);
    }
    return pointers;
}

using Pointers = std::vector<std::string>;

}  // namespace

TEST_CASE("a member given twice is refused by its pointer at any depth, however its name is written") {
    CHECK(faults_of(R"({"name":1,"name":2})") == Pointers{"/name"});
    CHECK(faults_of(R"({"name":1,"n\u0061me":2})") == Pointers{"/name"});
    CHECK(faults_of(R"({"credentials":{"a":{"b":[0,{"c":1,"c":1}]}}})") == Pointers{"/credentials/a/b/1/c"});
    CHECK(faults_of(R"({"credentials":{"token":"x","token":"x"},"settings":{"a/b":1,"a/b":2}})") ==
          Pointers{"/credentials/token", "/settings/a~1b"});
    CHECK(faults_of(R"([{"a":1},{"a":1}])").empty());
}

TEST_CASE("a text that is no JSON is one fault of the whole") {
    for (const char* body : {"", "{", "{\"a\":1}x", "{'a':1}", "{\"a\":01}", "\xFF", "{\"a\":1,}"}) {
        CAPTURE(body);
        CHECK(faults_of(body) == Pointers{""});
    }
}
