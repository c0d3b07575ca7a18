#include "domain/document.hpp"

#include <doctest/doctest.h>

using namespace tributary::domain;

TEST_CASE("a stamp is appended last and taken off again whatever the content holds") {
    const DocumentStamp stamp{3, Timestamp(std::chrono::seconds(1)), Timestamp(std::chrono::seconds(2)),
                              Timestamp(std::chrono::seconds(3))};
    for (const char* content :
         {R"({})", R"({"id":"x","details":{"version":7}})", R"({"name":"\"version\":1"})"}) {
        CAPTURE(content);
        const std::string text = stamped(content, stamp);
        CHECK(content_of(text) == content);
        CHECK(content_of(with_member(text, "freshness", "{}")) == content);
    }
    CHECK(
        stamped(R"({"id":"x"})",
                {1, Timestamp(std::chrono::seconds(1)), Timestamp(std::chrono::seconds(2))}) ==
        R"({"id":"x","version":1,"created_at":"1970-01-01T00:00:01Z","changed_at":"1970-01-01T00:00:02Z"})");
}
