#include "services/api/body_rule.hpp"

#include <doctest/doctest.h>

#include <string>

#include "domain/json/parse.hpp"

using namespace tributary;
using api::BodyRule;
using domain::ports::HttpFields;

namespace {

HttpFields fields(const std::string& length, const std::string& type) {
    HttpFields all;
    if (!length.empty()) {
        all.add("Content-Length", length);
    }
    if (!type.empty()) {
        all.add("Content-Type", type);
    }
    return all;
}

std::string pointer_in(const domain::ports::HttpReply& reply) {
    const auto parsed = json::parse(reply.body);
    REQUIRE(parsed);
    const json::Array& errors = *parsed->root.find("errors")->if_array();
    REQUIRE(errors.size() == 1);
    return *errors.front().find("pointer")->if_string();
}

}  // namespace

TEST_CASE("what creates, repairs or asks by a body reads JSON, every other operation nothing") {
    for (const api::Route& route : api::routes()) {
        CAPTURE(api::template_of(route));
        const BodyRule rule = api::body_rule(route.endpoint);
        const bool batch = route.segments.back().ends_with(":batchGet");
        // Changes at a provider; deleting takes nothing but the path.
        const bool changes = route.scope == "actions" && route.method != "DELETE";
        const bool makes = route.endpoint == api::Endpoint::create_link ||
                           route.endpoint == api::Endpoint::create_connection ||
                           route.endpoint == api::Endpoint::repair_connection ||
                           route.endpoint == api::Endpoint::create_key;
        const bool rotates = route.endpoint == api::Endpoint::rotate_key;
        const bool delivery = route.endpoint == api::Endpoint::receive_webhook;
        CHECK(rule == (delivery                    ? BodyRule::delivery
                       : rotates                   ? BodyRule::may_be_json
                       : batch || makes || changes ? BodyRule::json
                                                   : BodyRule::none));
    }
}

TEST_CASE("a body that is no JSON by its type is refused, no body needs no type") {
    struct Row {
        BodyRule rule;
        std::string length;
        std::string type;
        bool refused;
    };

    for (const Row& row : {Row{BodyRule::json, "2", "application/json", false},
                           {BodyRule::json, "2", "Application/JSON; charset=utf-8", false},
                           {BodyRule::json, "2", "text/plain", true},
                           {BodyRule::json, "2", "application/json5", true},
                           {BodyRule::json, "2", "", true},
                           {BodyRule::json, "", "", true},
                           {BodyRule::none, "", "", false},
                           {BodyRule::none, "0", "text/plain", false},
                           {BodyRule::none, "00", "", false},
                           {BodyRule::none, "2", "application/json", false},
                           {BodyRule::none, "2", "", true},
                           {BodyRule::none, "10", "application/x-www-form-urlencoded", true},
                           {BodyRule::delivery, "10", "text/plain", false}}) {
        CAPTURE(row.length);
        CAPTURE(row.type);
        const auto refusal = api::refuse_media_type(row.rule, fields(row.length, row.type));
        CHECK(refusal.has_value() == row.refused);
        CHECK((!refusal || refusal->status == 415));
    }
}

TEST_CASE("an operation without a body takes none or an object without members") {
    for (const char* body : {"", "{}", " { }\n"}) {
        CHECK_FALSE(api::refuse_body(BodyRule::none, body));
    }
    for (const char* body : {"[]", "null", "1", "\"\"", "{", "{}{}", " "}) {
        CAPTURE(body);
        const auto refusal = api::refuse_body(BodyRule::none, body);
        REQUIRE(refusal);
        CHECK(refusal->status == 400);
    }
    CHECK_FALSE(api::refuse_body(BodyRule::json, "{\"name\":1}"));
    CHECK_FALSE(api::refuse_body(BodyRule::delivery, "anything"));
}

TEST_CASE("a member that an operation without a body does not know is named") {
    CHECK(pointer_in(*api::refuse_body(BodyRule::none, R"({"force":true,"then":1})")) == "/force");
    CHECK(pointer_in(*api::refuse_body(BodyRule::none, R"({"a/b~c":true})")) == "/a~1b~0c");
    CHECK(pointer_in(*api::refuse_body(BodyRule::none, R"({"force":1,"force":2})")) == "/force");
}
