#include "services/api/conditional.hpp"

#include <doctest/doctest.h>

using namespace tributary;
using namespace api;
using domain::ports::Commit;
using domain::ports::HttpFields;
using domain::ports::KnownVersion;

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
    CHECK_FALSE(held({"*junk"}).any);
    CHECK_FALSE(held({R"(*, "1.full")"}).any);
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

TEST_CASE("a version is known of the document and in the variant that it was sent in, and in no other") {
    const domain::Uuid one = domain::parse_uuid("48c4ee26-53a5-5fe2-b7f8-b8c2b553a9b8").value();
    const domain::Uuid other = domain::parse_uuid("58c4ee26-53a5-5fe2-b7f8-b8c2b553a9b8").value();
    const auto known = [&one](const char* text, Variant variant) {
        return known_versions(held({text}), one, variant).versions;
    };
    const auto at = [](std::int64_t version, std::int64_t micros) {
        return KnownVersion{version, domain::Timestamp(std::chrono::microseconds(micros))};
    };
    CHECK(tag_of(one, at(7, 1700), Variant::full) == "7-1700.48c4ee26.full");
    CHECK(known_versions(held({R"("7-1700.48c4ee26.full")"}), other, Variant::full).versions.empty());
    CHECK(known(R"(W/"7-1700.48c4ee26.full")", Variant::full) == std::vector{at(7, 1700)});
    CHECK(known(R"(W/"7-1700.48c4ee26.full")", Variant::masked).empty());
    CHECK(known(R"(W/"7-1700.48c4ee26.masked", "9-1800.48c4ee26.masked")", Variant::masked) ==
          std::vector{at(7, 1700), at(9, 1800)});
    for (const char* text :
         {R"("7")", R"("7.full")", R"("7-.48c4ee26.full")", R"("7.48c4ee26.full")",
          R"("07-1700.48c4ee26.full")", R"("+7-1700.48c4ee26.full")", R"("7-01700.48c4ee26.full")",
          R"("7-1700.48c4ee26.fullx")", R"("7-1700.48c4ee26.full.full")", R"(" 7-1700.48c4ee26.full")",
          R"("99999999999999999999-1700.48c4ee26.full")", R"("7-99999999999999999999.48c4ee26.full")",
          R"("x-1700.48c4ee26.full")"}) {
        CAPTURE(text);
        CHECK(known(text, Variant::full).empty());
    }
    CHECK(known_versions(held({"*"}), one, Variant::full).any);
}

TEST_CASE(
    "what was put together has another tag at another moment, of somebody else, with other sources in "
    "trouble, in another variant") {
    const domain::Uuid whose = domain::named_uuid({}, "whose");
    const std::string tag = tag_of(Commit{7, {}}, whose, "[]", Variant::full);
    CHECK(tag == tag_of(Commit{7, {}}, whose, "[]", Variant::full));
    CHECK(tag != tag_of(Commit{8, {}}, whose, "[]", Variant::full));
    // The same number, after a restore.
    CHECK(tag !=
          tag_of(Commit{7, domain::Timestamp(std::chrono::microseconds(1))}, whose, "[]", Variant::full));
    CHECK(tag != tag_of(Commit{7, {}}, domain::named_uuid({}, "other"), "[]", Variant::full));
    CHECK(tag != tag_of(Commit{7, {}}, whose, R"([{"code":"failing"}])", Variant::full));
    CHECK(tag != tag_of(Commit{7, {}}, whose, "[]", Variant::masked));
    CHECK(is_held(held({("W/\"" + tag + "\"").c_str()}), tag));
    CHECK(is_held(held({"*"}), tag));
    CHECK_FALSE(is_held(held({"\"7\""}), tag));
}
