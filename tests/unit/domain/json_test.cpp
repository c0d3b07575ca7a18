#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"

using namespace tributary;

TEST_CASE("a number keeps the digits it was written with") {
    for (const std::string text :
         {"0.10", "12345678901234567890.12", "1e400", "-0", "100.00", "18446744073709551616"}) {
        CAPTURE(text);
        const auto parsed = json::parse(text);
        REQUIRE(parsed);
        CHECK(json::write(parsed->root) == text);
    }
}

TEST_CASE("a document is written back with its member order, its escapes and its unicode") {
    const std::string text = R"({"z":1,"a":[true,false,null,"Zoë\n\"\\"],"empty":{},"none":[],"c":"\u0001"})";
    CHECK(json::write(json::parse(text)->root) == text);
}

TEST_CASE("text that is not exactly one JSON value is refused") {
    for (const std::string text : {"", "{", "{}x", "{} {}", "[1,]", "nul", "\"\\ud800\"", "// c\n1",
                                   "\xEF\xBB\xBF{}", "01", "\"a\nb\"", "{\"a\":1,}", "NaN", "\"\xff\""}) {
        CAPTURE(text);
        CHECK_FALSE(json::parse(text).has_value());
    }
}

TEST_CASE("nesting deeper than 32 levels is refused") {
    CHECK(json::parse(std::string(32, '[') + std::string(32, ']')).has_value());
    CHECK_FALSE(json::parse(std::string(33, '[') + std::string(33, ']')).has_value());
}

TEST_CASE("more values than allowed are refused before they fill memory") {
    CHECK(json::parse("[1,2,3]", 4).has_value());
    CHECK_FALSE(json::parse("[1,2,3,4]", 4).has_value());
}

TEST_CASE("a key that comes twice is reported by its pointer and the last value counts") {
    const auto parsed = json::parse(R"({"a":[{"b":1,"b":2}]})");
    REQUIRE(parsed);
    CHECK(json::write(parsed->root) == R"({"a":[{"b":2}]})");
    REQUIRE(parsed->duplicate_keys.size() == 1);
    CHECK(parsed->duplicate_keys[0] == "/a/0/b");
}

TEST_CASE("the pointer of a repeated key escapes what separates and what escapes") {
    const auto parsed = json::parse(R"({"a/b":{"c~d":1,"c~d":2}})");
    REQUIRE(parsed);
    REQUIRE(parsed->duplicate_keys.size() == 1);
    CHECK(parsed->duplicate_keys[0] == "/a~1b/c~0d");
}

TEST_CASE("an object full of repeated keys costs no more than its length, and their last values count") {
    constexpr int members = 60'000;
    std::string text = "{\"first\":0";
    for (int i = 0; i < members; ++i) {
        text += ",\"k" + std::to_string(i) + "\":1";
    }
    for (int i = 0; i < members; ++i) {
        text += ",\"k" + std::to_string(members - 1) + "\":" + std::to_string(i);
    }
    const auto started = std::chrono::steady_clock::now();
    const auto parsed = json::parse(text + "}");
    // Members times repetitions would be minutes.
    CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(10));
    REQUIRE(parsed);
    CHECK(parsed->duplicate_keys.size() == json::most_duplicates);
    REQUIRE(parsed->root.if_object()->size() == members + 1);
    CHECK(parsed->root.if_object()->back().value == json::Value(members - 1));
}

TEST_CASE("a repeated key is noticed in an object of any size") {
    for (const int members : {1, 63, 64, 65, 66, 1'000}) {
        CAPTURE(members);
        std::string text = "{";
        for (int i = 0; i < members; ++i) {
            text += "\"k" + std::to_string(i) + "\":" + std::to_string(i) + ",";
        }
        CHECK(json::parse(text + "\"last\":1}")->duplicate_keys.empty());
        CHECK(json::parse(text + "\"k0\":1}")->duplicate_keys.size() == 1);
        CHECK(json::parse(text + "\"k" + std::to_string(members - 1) + "\":1}")->duplicate_keys.size() == 1);
    }
}

TEST_CASE("the pointer to a repeated key is escaped") {
    const auto parsed = json::parse(R"({"a/b":{"c~d":1,"c~d":2}})");
    REQUIRE(parsed->duplicate_keys.size() == 1);
    CHECK(parsed->duplicate_keys[0] == "/a~1b/c~0d");
}

TEST_CASE("of keys that come twice no more are told than anybody reads, however long their pointers are") {
    std::string deep;
    for (int level = 0; level < 30; ++level) {
        deep += R"({")" + std::string(1'000, 'k') + R"(":)";
    }
    deep += '{';
    for (int i = 0; i < 100'000; ++i) {
        deep += R"("":0,)";
    }
    deep += R"("":0)" + std::string(31, '}');
    CHECK(json::parse(deep).value().duplicate_keys.size() == json::most_duplicates);
}

TEST_CASE("the pointer to a long key ends between two characters") {
    std::string name = "a";
    for (int i = 0; i < 40; ++i) {
        name += "\u20ac";
    }
    const auto parsed = json::parse("{\"" + name + "\":1,\"" + name + "\":2}");
    const std::string pointer = parsed.value().duplicate_keys.at(0);
    CHECK(pointer.size() <= 65);
    CHECK(json::parse("\"" + pointer + "\""));
}
