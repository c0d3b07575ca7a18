#include <doctest/doctest.h>

#include <algorithm>

#include "adapters/upvest/decode.hpp"
#include "tests/unit/upvest/fixtures.hpp"

using namespace tributary;
using domain::AccessGrant;
using domain::AccessLevel;
using domain::Account;
using domain::AccountStatus;
using domain::AccountType;
using domain::EntityKind;
using domain::EnumPair;
using domain::GroupRole;
using domain::Page;

namespace {

Page accounts() {
    auto page = upvest::decode_list(EntityKind::account, tests::fixture_text("accounts"));
    REQUIRE(page);
    REQUIRE(page->observations.size() == 4);
    return std::move(*page);
}

const Account& account_of(const Page& page, std::size_t i) {
    return std::get<Account>(page.observations.at(i).normalized);
}

Account number_of(std::string_view number) {
    Page page;
    upvest::decode_item(EntityKind::account,
                        tests::parse_or_fail(R"({"id":"a","account_number":)" + std::string(number) + "}"),
                        page);
    return account_of(page, 0);
}

}  // namespace

TEST_CASE("an account has its number as text, its group by id and its owner's access") {
    const Page page = accounts();
    Account expected;
    expected.number = std::string("1");
    expected.name = std::string("Main account");
    expected.type = EnumPair<AccountType>{AccountType::trading, "TRADING"};
    expected.status = EnumPair<AccountStatus>{AccountStatus::active, "ACTIVE"};
    expected.account_group = std::string("9d95820d-4333-46b6-98de-04ab7512e76f");
    expected.source_created_at = domain::parse_timestamp("2021-07-21T14:10:00Z").value();
    expected.source_updated_at = domain::parse_timestamp("2021-07-22T08:00:00.000001Z").value();
    CHECK(account_of(page, 0) == expected);

    const domain::EntityRef self{EntityKind::account, "2a5a1f0e-3c9b-4d53-9a70-1df6f1f0a001"};
    CHECK(page.observations[0].entity == self);
    CHECK(page.observations[0].source_updated_at == expected.source_updated_at.value());
    AccessGrant owner;
    owner.profile = "413715f2-5401-4b97-8055-034a6b879f8c";
    owner.target = self;
    owner.level = EnumPair<AccessLevel>{AccessLevel::owner, "OWNER"};
    owner.role = EnumPair<GroupRole>{GroupRole::owner, "OWNER"};
    CHECK(page.observations[0].access == std::vector<AccessGrant>{owner});
}

TEST_CASE("types, statuses and roles of accounts are known, and unknown ones keep their text") {
    const Page page = accounts();
    CHECK(account_of(page, 1).type.value() == EnumPair<AccountType>{AccountType::portfolio, "PORTFOLIO"});
    CHECK(account_of(page, 1).status.value() == EnumPair<AccountStatus>{AccountStatus::closing, "CLOSING"});
    CHECK(page.observations[1].access.at(0).role.value().value == GroupRole::child);
    CHECK(page.observations[1].access.at(1).role.value().value == GroupRole::guardian);
    CHECK(account_of(page, 2).status.value() ==
          EnumPair<AccountStatus>{AccountStatus::pending, "PENDING_APPROVAL"});
    CHECK(account_of(page, 3).type.value() == EnumPair<AccountType>{AccountType::other, "CRYPTO"});
    CHECK(account_of(page, 3).status.value() == EnumPair<AccountStatus>{AccountStatus::other, "HIBERNATING"});
    CHECK(page.drift.size() == 3);
}

TEST_CASE("a business account has its business in the details, a null name and nobody's access") {
    const Page page = accounts();
    CHECK(page.observations[2].access.empty());
    CHECK(json::find(account_of(page, 2).details, "business_id") != nullptr);
    CHECK(account_of(page, 2).name.is_null());
    CHECK(account_of(page, 1).name.is_absent());
}

TEST_CASE("an account number is taken as number or text, and what is neither is absent") {
    CHECK(number_of("12").number.value() == "12");
    CHECK(number_of("\"12\"").number.value() == "12");
    CHECK(number_of("null").number.is_null());
    CHECK(number_of("\"twelve\"").number.is_absent());
    CHECK(number_of("1.5").number.is_absent());
}
