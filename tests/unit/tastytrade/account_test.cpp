#include "adapters/tastytrade/account.hpp"

#include <doctest/doctest.h>

#include "adapters/tastytrade/pages.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "fakes.hpp"

using namespace tributary;
using namespace tributary::tests::tastytrade;
using domain::AccessLevel;
using domain::AccountStatus;
using domain::AccountType;
using domain::DriftKind;
using domain::DriftNote;

namespace {

domain::Page list_of(const std::string& items) {
    auto page = tastytrade::decode_accounts(R"({"data":{"items":[)" + items + R"(]},"context":"/x"})", "C1");
    REQUIRE(page);
    return std::move(*page);
}

/// A list of one account with these members besides its number.
domain::Page with(const std::string& members) {
    return list_of(R"({"account":{"account-number":"5WX1",)" + members + "}}");
}

const domain::Account& account_in(const domain::Page& page, std::size_t at = 0) {
    return std::get<domain::Account>(page.observations.at(at).normalized);
}

}  // namespace

TEST_CASE("the example list becomes two accounts owned by the customer") {
    const auto page = tastytrade::decode_accounts(fixture("accounts.json"), "C0000037211");
    REQUIRE(page);
    REQUIRE(page->observations.size() == 2);
    CHECK(page->item_keys == std::vector<std::string>{"5WT00001", "5WT00002"});
    CHECK(page->self.profile == "C0000037211");

    const domain::Observation& seen = page->observations.at(0);
    CHECK(seen.provider_id == "5WT00001");
    CHECK(seen.entity == domain::EntityRef{domain::EntityKind::account, "5WT00001"});
    CHECK(seen.founds_entity);
    REQUIRE(seen.access.size() == 1);
    CHECK(seen.access[0].profile == "C0000037211");
    CHECK(seen.access[0].target == seen.entity);
    CHECK(seen.access[0].level.value() == domain::EnumPair<AccessLevel>{AccessLevel::owner, "owner"});

    const domain::Account& account = account_in(*page);
    CHECK(account.number.value() == "5WT00001");
    CHECK(account.name.value() == "Individual");
    CHECK(account.type.value() == domain::EnumPair<AccountType>{AccountType::individual, "Individual"});
    CHECK(account.status.value() == domain::EnumPair<AccountStatus>{AccountStatus::active});
    CHECK(domain::to_text(account.opened_at.value()) == "2019-03-14T15:39:31.265Z");
    CHECK(account.closed_at.is_absent());
    CHECK(domain::to_text(account.source_created_at.value()) == "2019-03-14T15:39:31.265Z");
    CHECK(
        json::write(account.details) ==
        R"({"external_id":"A0000196557","day_trader_status":false,"is_firm_error":false,)"
        R"("is_firm_proprietary":false,"is_futures_approved":true,"is_test_drive":false,"is_foreign":false,)"
        R"("funding_date":"2017-01-02","investment_objective":"SPECULATION",)"
        R"("futures_account_purpose":"SPECULATING","suitable_options_level":"No Restrictions",)"
        R"("margin_or_cash":"margin","provider_margin_or_cash":"Margin"})");
}

TEST_CASE("an account without a usable number is quarantined and costs nothing else") {
    const domain::Page page = list_of(R"({"account":{"nickname":"a"},"authority-level":"owner"},
        {"account":{"account-number":"5WX2"},"authority-level":"owner"},
        {"account":{"account-number":null}}, {"account":{"account-number":""}}, {"account":{"account-number":true}},
        {"account":null}, {"authority-level":"owner"}, 7, {"account":{"account-number":-1.5e3}})");
    REQUIRE(page.observations.size() == 1);
    CHECK(page.observations[0].provider_id == "5WX2");
    REQUIRE(page.quarantined.size() == 8);
    CHECK(page.quarantined[0].reason == "account-number is missing");
    CHECK(page.quarantined[1].reason == "account-number is of type null");
    CHECK(page.quarantined[2].reason == "account-number is empty");
    CHECK(page.quarantined[3].reason == "account-number is of type boolean");
    CHECK(page.quarantined[4].reason == "account is of type null");
    CHECK(page.quarantined[5].reason == "account-number is missing");
    CHECK(page.quarantined[6].reason == "the item is of type number");
    CHECK(page.quarantined[7].reason == "account-number is not a whole number");
    CHECK(json::write(page.quarantined[0].raw) ==
          R"({"account":{"nickname":"a"},"authority-level":"owner"})");
}

TEST_CASE("every item of the list has a key, unusable ones their content") {
    const domain::Page page =
        list_of(R"({"account":{"account-number":"5WX2"}},{"account":{"nickname":"a"}})");
    CHECK(page.item_keys == std::vector<std::string>{"5WX2", R"({"account":{"nickname":"a"}})"});
}

TEST_CASE("a quarantined account leaves a note that its key is missing") {
    CHECK(list_of(R"({"account":{"nickname":"a"}})").drift ==
          std::vector<DriftNote>{{DriftKind::missing_key, "account.account-number", ""}});
}

TEST_CASE("an account with nothing but its number is whole, and what it does not say stays absent") {
    const domain::Page page = list_of(R"({"account":{"account-number":"5WX1"}})");
    const domain::Account& account = account_in(page);
    CHECK(account.name.is_absent());
    CHECK(account.type.is_absent());
    CHECK(account.status.is_absent());
    CHECK(account.opened_at.is_absent());
    CHECK(account.details.empty());
    CHECK(page.observations[0].access.at(0).level.is_absent());
    CHECK(page.drift.empty());
}

TEST_CASE("authority levels are read, and an unknown one is other with its text") {
    const std::pair<const char*, AccessLevel> table[] = {{"owner", AccessLevel::owner},
                                                         {"trade-only", AccessLevel::trade_only},
                                                         {"read-only", AccessLevel::read_only},
                                                         {"auditor", AccessLevel::other}};
    for (const auto& [text, level] : table) {
        const domain::Page page = list_of(R"({"account":{"account-number":"5WX1"},"authority-level":")" +
                                          std::string(text) + "\"}");
        CHECK(page.observations[0].access[0].level.value() == domain::EnumPair<AccessLevel>{level, text});
        CHECK(page.drift.size() == (level == AccessLevel::other ? 1 : 0));
    }
}

TEST_CASE("account types are an open set in which every joint tenancy is joint") {
    const std::pair<const char*, AccountType> table[] = {
        {"Individual", AccountType::individual},
        {"Joint", AccountType::joint},
        {"Joint Tenants with Rights of Survivorship", AccountType::joint},
        {"Roth IRA", AccountType::other}};
    for (const auto& [text, type] : table) {
        const domain::Page page = with(R"("account-type-name":")" + std::string(text) + "\"");
        CHECK(account_in(page).type.value() == domain::EnumPair<AccountType>{type, text});
        CHECK(page.drift.size() == (type == AccountType::other ? 1 : 0));
    }
}

TEST_CASE("a closed account is closed, with the time it closed") {
    const domain::Page page = with(R"("is-closed":true,"closed-at":"2024-05-06T07:08:09Z")");
    CHECK(account_in(page).status.value() == domain::EnumPair<AccountStatus>{AccountStatus::closed});
    CHECK(domain::to_text(account_in(page).closed_at.value()) == "2024-05-06T07:08:09Z");
}

TEST_CASE("booleans sent as text are read as booleans and noted") {
    const domain::Page page = with(R"("is-closed":"true","day-trader-status":"false","is-foreign":"true")");
    CHECK(account_in(page).status.value().value == AccountStatus::closed);
    CHECK(*json::find(account_in(page).details, "day_trader_status") == json::Value(false));
    CHECK(*json::find(account_in(page).details, "is_foreign") == json::Value(true));
    CHECK(page.drift.size() == 3);
}

TEST_CASE("a detail of an unexpected shape is kept as it was sent") {
    const domain::Page page = with(
        R"("day-trader-status":"FLAGGED","external-accounts":[{"bank-name":"B"}],"risk-tolerance":{"max-loss":1})");
    CHECK(
        json::write(account_in(page).details) ==
        R"({"day_trader_status":"FLAGGED","risk_tolerance":{"max_loss":1},"external_accounts":[{"bank_name":"B"}]})");
    CHECK(page.drift ==
          std::vector<DriftNote>{{DriftKind::changed_type, "account.day-trader-status", "string"},
                                 {DriftKind::changed_type, "account.risk-tolerance", "object"}});
}

TEST_CASE("an unknown margin text is other and stays readable, a null stays null") {
    const domain::Page page = with(R"("margin-or-cash":"Portfolio")");
    CHECK(json::write(account_in(page).details) ==
          R"({"margin_or_cash":"other","provider_margin_or_cash":"Portfolio"})");
    CHECK(json::write(account_in(with(R"("margin-or-cash":null,"funding-date":null)")).details) ==
          R"({"funding_date":null,"margin_or_cash":null})");
}

TEST_CASE("a number that came as a JSON number keeps its digits and is a key") {
    const domain::Page page = list_of(R"({"account":{"account-number":500000000000000000123}})");
    CHECK(page.observations.at(0).provider_id == "500000000000000000123");
}

TEST_CASE("unknown members of an item and of its account are noted by path") {
    const domain::Page page =
        list_of(R"({"account":{"account-number":"5WX1","mood":"good"},"since":"2020"})");
    CHECK(page.observations.size() == 1);
    CHECK(page.drift == std::vector<DriftNote>{{DriftKind::new_field, "account.mood", "string"},
                                               {DriftKind::new_field, "since", "string"}});
}

TEST_CASE("an unreadable time costs the time alone") {
    const domain::Page page = with(R"("opened-at":"yesterday","nickname":"n")");
    CHECK(account_in(page).opened_at.is_absent());
    CHECK(account_in(page).name.value() == "n");
    CHECK(page.drift == std::vector<DriftNote>{{DriftKind::unreadable_value, "account.opened-at", "string"}});
}

TEST_CASE("a list item without the wrapper is read like a single account") {
    const domain::Page page =
        list_of(R"({"account-number":"5WX1","nickname":"n","authority-level":"read-only"})");
    CHECK(account_in(page).name.value() == "n");
    CHECK(page.observations[0].access[0].level.value().value == AccessLevel::read_only);
    CHECK(page.drift.empty());
}

TEST_CASE("a single account tells who may see it but not with what authority") {
    const auto page = tastytrade::decode_account(fixture("account.json"), "C1", "5WT00001");
    REQUIRE(page);
    REQUIRE(page->observations.size() == 1);
    REQUIRE(page->observations[0].access.size() == 1);
    CHECK(page->observations[0].access[0].profile == "C1");
    CHECK(page->observations[0].access[0].level.is_absent());
    const auto list = tastytrade::decode_accounts(fixture("accounts.json"), "C1");
    CHECK(account_in(*page) == account_in(*list));
}

TEST_CASE("an answer about another account than the one asked for is refused") {
    const auto other = tastytrade::decode_account(fixture("account.json"), "C1", "5WT00002");
    REQUIRE_FALSE(other);
    CHECK(other.error().code == domain::Errc::contract);
    CHECK(other.error().detail.find("5WT") == std::string::npos);
    CHECK_FALSE(tastytrade::decode_account(R"({"data":{"nickname":"n"}})", "C1", "5WT00002"));
}
