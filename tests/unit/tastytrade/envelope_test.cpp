#include "adapters/tastytrade/envelope.hpp"

#include <doctest/doctest.h>

#include "adapters/tastytrade/pages.hpp"

using namespace tributary;
using domain::DriftKind;
using domain::DriftNote;
using domain::Errc;

TEST_CASE("an answer in the wrong envelope is a broken contract that says where") {
    const std::pair<const char*, const char*> table[] = {
        {"", "is no JSON"},
        {"<html></html>", "is no JSON"},
        {R"([{"account":{}}])", "is no JSON object"},
        {R"({"context":"/x"})", "has no object in `data`"},
        {R"({"data":[]})", "has no object in `data`"},
        {R"({"data":null})", "has no object in `data`"},
        {R"({"error":{"code":"oops","message":"m"}})", "has no object in `data`"},
        {R"({"data":{}})", "has no array in `data.items`"},
        {R"({"data":{"items":null}})", "has no array in `data.items`"},
        {R"({"data":{"items":{}}})", "has no array in `data.items`"},
        {R"({"data":{"items":[]}} trailing)", "is no JSON"},
    };
    for (const auto& [body, where] : table) {
        const auto page = tastytrade::decode_accounts(body, "C1");
        REQUIRE_MESSAGE(!page, body);
        CHECK(page.error().code == Errc::contract);
        CHECK_MESSAGE(page.error().detail.find("the account list " + std::string(where)) != std::string::npos,
                      page.error().detail);
    }
}

TEST_CASE("an empty list is an answer, not a failure") {
    const auto page =
        tastytrade::decode_accounts(R"({"data":{"items":[]},"context":"/customers/me/accounts"})", "C1");
    REQUIRE(page);
    CHECK(page->observations.empty());
    CHECK(page->item_keys.empty());
    CHECK(page->drift.empty());
}

TEST_CASE("a list of which every item is unusable differs from an empty one") {
    const auto page = tastytrade::decode_accounts(R"({"data":{"items":[{},{}]}})", "C1");
    REQUIRE(page);
    CHECK(page->observations.empty());
    CHECK(page->quarantined.size() == 2);
}

TEST_CASE("a list that says it is one page of several is refused, because the rest would look removed") {
    const std::string head = R"({"data":{"items":[]},"pagination":{"total-pages":)";
    CHECK(tastytrade::decode_accounts(head + "1}}", "C1"));
    const auto part = tastytrade::decode_accounts(head + "2}}", "C1");
    REQUIRE_FALSE(part);
    CHECK(part.error().code == Errc::contract);
}

TEST_CASE("a customer answer without anything in it is a broken contract") {
    const auto page = tastytrade::decode_customer(R"({"data":{}})", {.connection = "c", .profile = {}});
    REQUIRE_FALSE(page);
    CHECK(page.error().code == Errc::contract);
}

TEST_CASE("a customer without any id is keyable all the same") {
    const auto page =
        tastytrade::decode_customer(R"({"data":{"first-name":"A"}})", {.connection = "c", .profile = {}});
    REQUIRE(page);
    CHECK(page->observations.at(0).provider_id == "c");
}

TEST_CASE("unknown members of the envelope are noted") {
    const auto page = tastytrade::decode_accounts(
        R"({"data":{"items":[],"count":0},"context":"","api-version":"v1"})", "C1");
    REQUIRE(page);
    CHECK(page->drift == std::vector<DriftNote>{{DriftKind::new_field, "api-version", "string"},
                                                {DriftKind::new_field, "data.count", "number"}});
}

TEST_CASE("a key that appears twice is noted by its path inside the object, and the last one wins") {
    const auto page = tastytrade::decode_accounts(
        R"({"data":{"items":[{"account":{"account-number":"1"}},
            {"account":{"account-number":"2","nickname":"a","nickname":"b"}}]}})",
        "C1");
    REQUIRE(page);
    CHECK(std::get<domain::Account>(page->observations.at(1).normalized).name.value() == "b");
    CHECK(page->drift == std::vector<DriftNote>{{DriftKind::duplicate_key, "account.nickname", ""}});

    const auto customer = tastytrade::decode_customer(
        R"({"data":{"id":"me","address":{"city":"x","city":"y"},"entity":{"entity-officers":[{"id":1,"id":2}]}}})",
        {.connection = "c", .profile = {}});
    REQUIRE(customer);
    CHECK(customer->drift ==
          std::vector<DriftNote>{{DriftKind::duplicate_key, "address.city", ""},
                                 {DriftKind::duplicate_key, "entity.entity-officers[].id", ""}});
}

TEST_CASE("the code of a refusal is read from each of its envelopes, and only where it looks like a code") {
    using tastytrade::read_refusal;
    const std::pair<const char*, const char*> table[] = {
        {R"({"error":{"code":"not_permitted","message":"User not permitted access"}})", "not_permitted"},
        {R"({"error":{"code":406,"message":"m"}})", "406"},
        {R"({"error":{"message":"m","errors":[{"domain":"d","reason":"r"}]}})", ""},
        {R"({"error":"invalid_grant","error_description":"d"})", "invalid_grant"},
        {R"({"error_code":"invalid_grant","error_description":"Invalid JWT"})", "invalid_grant"},
        {R"({"error":{"code":"John Doe has no account"}})", ""},
        {R"({"error":{"code":{"a":1}}})", ""},
    };
    for (const auto& [body, code] : table) {
        CHECK_MESSAGE(read_refusal(body).is_error_envelope, body);
        CHECK_MESSAGE(read_refusal(body).code == code, body);
    }
    for (const char* body : {"", "<html></html>", "[]", "{}", R"({"data":{}})", R"({"error":null})"}) {
        CHECK_FALSE(read_refusal(body).is_error_envelope);
    }
}
