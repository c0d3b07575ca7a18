#include "adapters/tdx/envelope.hpp"

#include <doctest/doctest.h>

#include "adapters/tdx/decode.hpp"
#include "fixture.hpp"

using namespace tributary;
using domain::DriftKind;
using domain::Errc;

namespace {

domain::Observation bare(const json::Object&, const std::string&, std::vector<domain::DriftNote>&) {
    return {};
}

domain::Result<domain::Page> list(std::string_view body, std::uint32_t limit = 2, bool paginated = true) {
    return tdx::decode_list(body, {.limit = limit, .paginated = paginated}, bare);
}

std::vector<std::string> ids(const domain::Result<domain::Page>& page) {
    std::vector<std::string> found;
    for (const auto& seen : page.value().observations) {
        found.push_back(seen.provider_id);
    }
    return found;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a single object is taken from result, and bare where there is no result") {
    CHECK(ids(tdx::decode_single(R"({"result": {"id": "a"}})", bare)) == Ids{"a"});
    CHECK(ids(tdx::decode_single(R"({"id": "b", "name": "c"})", bare)) == Ids{"b"});
}

TEST_CASE("an answer without a single object's envelope breaks the contract") {
    for (const std::string body : {"", "null", "[]", "{}", R"({"result": null})", R"({"result": []})",
                                   R"({"code": 403})", "<html></html>", R"({"result": {"id": "a"}} x)"}) {
        CAPTURE(body);
        const auto page = tdx::decode_single(body, bare);
        REQUIRE_FALSE(page.has_value());
        CHECK(page.error().code == Errc::contract);
    }
}

TEST_CASE("a list is taken from result, and from items where there is no result") {
    CHECK(ids(list(R"({"result": [{"id": "a"}], "items": [{"id": "b"}], "pagination": null})")) == Ids{"a"});
    CHECK(ids(list(R"({"items": [{"id": "b"}]})")) == Ids{"b"});
    CHECK(ids(list(R"({"result": []})")) == Ids{});
}

TEST_CASE("an answer without a list breaks the contract and is never an empty list") {
    for (const std::string body : {"{}", R"({"result": null})", R"({"result": {"id": "a"}})", "[]",
                                   R"({"pagination": {"cursors": {"next": ""}}})"}) {
        CAPTURE(body);
        const auto page = list(body);
        REQUIRE_FALSE(page.has_value());
        CHECK(page.error().code == Errc::contract);
    }
}

TEST_CASE("a next cursor is followed; an empty, null or absent one is the end") {
    const auto next = [](std::string_view cursors) {
        return list(R"({"result": [], "pagination": {"cursors": )" + std::string(cursors) + "}}")
            ->next_cursor;
    };
    CHECK(next(R"({"next": "c=="})") == "c==");
    CHECK_FALSE(next(R"({"next": "", "last": "z", "self": "s"})").has_value());
    CHECK_FALSE(next(R"({"next": null})").has_value());
    CHECK_FALSE(next("{}").has_value());
}

TEST_CASE("a pagination that cannot be read breaks the contract, because the end is unknown") {
    for (const std::string pagination : {"[]", "{}", R"({"cursors": "x"})", R"({"cursors": {"next": 7}})"}) {
        CAPTURE(pagination);
        const auto page = list(R"({"result": [], "pagination": )" + pagination + "}");
        REQUIRE_FALSE(page.has_value());
        CHECK(page.error().code == Errc::contract);
    }
}

TEST_CASE(
    "a full page without pagination cannot be told from the last one, unless the list is not paginated") {
    const char* full = R"({"result": [{"id": "a"}, {"id": "b"}]})";
    CHECK(list(full).error().code == Errc::contract);
    CHECK(ids(list(full, 2, false)) == Ids{"a", "b"});
    const auto shorter = list(full, 3);
    CHECK(ids(shorter) == Ids{"a", "b"});
    CHECK(tests::has_note(*shorter, DriftKind::missing_key, "pagination"));
    CHECK(shorter->end_unsaid);
}

TEST_CASE("an absent next cursor leaves the end unsaid, unless the list is not paginated") {
    const char* renamed = R"({"result": [{"id": "a"}], "pagination": {"cursors": {"following": "c=="}}})";
    const auto page = list(renamed, 3);
    CHECK(page->end_unsaid);
    CHECK(tests::has_note(*page, DriftKind::missing_key, "pagination.cursors.next"));
    CHECK_FALSE(list(renamed, 3, false)->end_unsaid);
    for (const std::string next : {R"("")", "null"}) {
        CHECK_FALSE(list(R"({"result": [], "pagination": {"cursors": {"next": )" + next + "}}}")->end_unsaid);
    }
}

TEST_CASE("an item without a usable id is quarantined with its raw form and never costs the page") {
    const auto page = list(
        R"({"result": [{"id": "a"}, {"name": "x"}, {"id": ""}, {"id": null}, "text", {"id": -1.5e3}, {"id": 7}]})",
        50);
    CHECK(ids(page) == Ids{"a", "7"});
    REQUIRE(page->quarantined.size() == 5);
    CHECK(page->quarantined[0].raw == tests::tree(R"({"name": "x"})"));
    REQUIRE(page->item_keys.size() == 7);
    CHECK(page->item_keys.front() == "a");
    CHECK(page->item_keys.back() == "7");
    CHECK(page->item_keys[1] != page->item_keys[2]);
    CHECK(tests::has_note(*page, DriftKind::missing_key, "id"));
    CHECK(tests::has_note(*page, DriftKind::changed_type, "id"));
}

TEST_CASE("an unusable item keeps its key from one read to the next") {
    const char* body = R"({"result": [{"name": "x"}]})";
    CHECK(list(body)->item_keys == list(body)->item_keys);
    CHECK(list(body)->item_keys.front().find('x') == std::string::npos);
}

TEST_CASE("a key that came twice is noted by its path inside the object") {
    const auto page = tdx::decode_own_user(
        R"({"result": {"id": "u", "id": "u", "subAccounts": [{"id": "s", "name": "a", "name": "b"}]}})");
    REQUIRE(page.has_value());
    CHECK(tests::has_note(*page, DriftKind::duplicate_key, "id"));
    CHECK(tests::has_note(*page, DriftKind::duplicate_key, "subAccounts[].name"));
}
