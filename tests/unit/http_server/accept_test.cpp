#include "domain/http/accept.hpp"

#include <doctest/doctest.h>

#include <string_view>

using namespace tributary;

namespace {

struct Row {
    std::string_view field;
    bool taken;
};

bool takes_json(std::string_view field) {
    return http::accepts(field, {"application/json", "application/problem+json"});
}

}  // namespace

TEST_CASE("Accept takes JSON where its most specific range with a weight above zero fits") {
    for (const Row& row : {Row{"application/json", true},
                           {"APPLICATION/Json", true},
                           {"application/problem+json", true},
                           {"application/*", true},
                           {"*/*", true},
                           {"text/html, application/xhtml+xml, */*;q=0.8", true},
                           {"text/html,application/json;q=0.001", true},
                           {"application/json; charset=utf-8", true},
                           {"application/json;q=1.000", true},
                           {" \t application/json ; q=0.5 \t", true},
                           {"text/html", false},
                           {"text/*, image/png", false},
                           {"application/jsonp", false},
                           {"application/json;q=0", false},
                           {"application/json;Q=0.000", false},
                           {"application/json;q=0, text/*", false},
                           {"*/*;q=0", false},
                           {"application/*;q=0, */*", false},
                           {"application/json;q=0, application/problem+json", true},
                           {"*/*;q=0, application/json", true},
                           {"application/*;q=0, application/json;q=0.1", true},
                           {"application/json;q=0, application/json;q=0.4", true}}) {
        CAPTURE(row.field);
        CHECK(takes_json(row.field) == row.taken);
    }
}

TEST_CASE("Accept without a well-formed range takes everything") {
    for (const std::string_view field : {"",
                                         " ",
                                         ",",
                                         ",, ,",
                                         "json",
                                         "/",
                                         "text/",
                                         "/html",
                                         "*/html",
                                         "text/html;q=2",
                                         "text/html;q=1.001",
                                         "text/html;q=0.0001",
                                         "text/html;q=",
                                         "text/html;q",
                                         "text/html;q=-1",
                                         "text/html;q=.5",
                                         "text/html;q=a",
                                         "te xt/html",
                                         ";q=0",
                                         "*"}) {
        CAPTURE(field);
        CHECK(takes_json(field));
    }
}

TEST_CASE("Accept keeps its well-formed ranges beside malformed ones") {
    CHECK_FALSE(takes_json("nonsense, text/html, application/json;q=7"));
    CHECK(takes_json("text/html;q=x, application/json"));
    CHECK(takes_json(",,application/json,"));
}

TEST_CASE("Accept is not taken apart within quotes") {
    CHECK_FALSE(takes_json(R"(text/html;title="a, application/json")"));
    CHECK_FALSE(takes_json(R"(text/html;title="\", application/json;q=1")"));
    CHECK(takes_json(R"(text/html;title="a;q=0,", application/json)"));
    CHECK(takes_json(R"(application/json;title=";q=0")"));
}
