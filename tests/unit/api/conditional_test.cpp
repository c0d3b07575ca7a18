#include "services/api/conditional.hpp"

#include <doctest/doctest.h>

using namespace tributary;
using namespace api;
using domain::ports::Commit;
using domain::ports::HttpFields;

namespace {

EntityTags held(std::initializer_list<const char*> values) {
    HttpFields fields;
    for (const char* value : values) {
        fields.add("if-none-match", value);
    }
    return if_none_match(fields);
}

using Tags = std::vector<std::string>;

}  // namespace

TEST_CASE("entity tags are compared weakly, out of one field or several") {
    CHECK(held({R"("1.full")"}).tags == Tags{"1.full"});
    CHECK(held({R"(W/"1.full")"}).tags == Tags{"1.full"});
    CHECK(held({R"(W/"1.full", "2.full" ,"a,b")", R"("3")"}).tags == Tags{"1.full", "2.full", "a,b", "3"});
    CHECK(held({"*"}).any);
    CHECK_FALSE(held({R"("*")"}).any);
    CHECK(held({}).tags.empty());
}

TEST_CASE("what is no entity tag is left out, and what stands beside it is not") {
    for (const char* text : {"1.full", "\"1.full", "w/\"1\"", "W/1", "", ",,,", "\"\"", "W/", "W"}) {
        CAPTURE(text);
        CHECK(held({text}).tags.empty());
        CHECK_FALSE(held({text}).any);
    }
    CHECK(held({R"(nothing, "2.full")"}).tags == Tags{"2.full"});
}

TEST_CASE("a version is known in the variant that it was sent in, and in no other") {
    const auto known = [](const char* text, Variant variant) {
        return known_versions(held({text}), variant).versions;
    };
    CHECK(known(R"(W/"7.full")", Variant::full) == std::vector<std::int64_t>{7});
    CHECK(known(R"(W/"7.full")", Variant::masked).empty());
    CHECK(known(R"(W/"7.masked", "9.masked")", Variant::masked) == std::vector<std::int64_t>{7, 9});
    for (const char* text : {R"("7")", R"("07.full")", R"("+7.full")", R"("7.fullx")", R"("7.full.full")",
                             R"(" 7.full")", R"("99999999999999999999.full")", R"("x.full")"}) {
        CAPTURE(text);
        CHECK(known(text, Variant::full).empty());
    }
    CHECK(known_versions(held({"*"}), Variant::full).any);
}

TEST_CASE(
    "what was put together has another tag at another moment, with other sources in trouble, in another "
    "variant") {
    const std::string tag = tag_of(Commit{7, {}}, "[]", Variant::full);
    CHECK(tag == tag_of(Commit{7, {}}, "[]", Variant::full));
    CHECK(tag != tag_of(Commit{8, {}}, "[]", Variant::full));
    CHECK(tag != tag_of(Commit{7, {}}, R"([{"code":"failing"}])", Variant::full));
    CHECK(tag != tag_of(Commit{7, {}}, "[]", Variant::masked));
    CHECK(is_held(held({("W/\"" + tag + "\"").c_str()}), tag));
    CHECK(is_held(held({"*"}), tag));
    CHECK_FALSE(is_held(held({"\"7\""}), tag));
}
