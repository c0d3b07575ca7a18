#include <doctest/doctest.h>

#include "adapters/tdx/decode.hpp"
#include "fixture.hpp"

using namespace tributary;
using domain::Account;
using domain::AccountStatus;
using domain::AccountType;
using domain::DriftKind;
using domain::EntityKind;
using domain::SubAccount;
using domain::SubAccountType;
using domain::Venue;
using tests::has_note;
using tests::text_in;
using tests::tree;

namespace {

domain::Page client_account(const std::string& body) {
    auto page = tdx::decode_client_account(body);
    REQUIRE(page.has_value());
    return *std::move(page);
}

Account with(const std::string& key, const std::string& text) {
    const auto page = client_account(R"({"result": {"id": "c", ")" + key + "\": \"" + text + "\"}}");
    CHECK(page.drift.empty());
    return std::get<Account>(page.observations.at(0).normalized);
}

SubAccount sub_account(const std::string& members) {
    const auto page = tdx::decode_sub_account(R"({"result": {"id": "s")" + members + "}}");
    REQUIRE(page.has_value());
    return std::get<SubAccount>(page->observations.at(0).normalized);
}

}  // namespace

TEST_CASE("the documented client account becomes an account with every field in its place") {
    const domain::Page page = client_account(tests::fixture("client_account"));
    CHECK(page.drift.empty());
    CHECK(page.self == domain::SelfIds{std::nullopt, "client-account-uuid"});
    const domain::Observation& seen = page.observations.at(0);
    CHECK(seen.entity == domain::EntityRef{EntityKind::account, "client-account-uuid"});
    CHECK(seen.access.empty());
    const auto& account = std::get<Account>(seen.normalized);
    CHECK(account.name.value() == "John Doe");
    CHECK(account.number.is_absent());
    CHECK(account.type.value() == domain::EnumPair{AccountType::individual, {"TYPE_NOMINATIVE"}});
    CHECK(account.status.value() == domain::EnumPair{AccountStatus::active, {"STATUS_ACTIVE"}});
    CHECK(domain::to_text(account.source_created_at.value()) == "2023-06-01T10:00:00Z");
    CHECK(domain::to_text(account.source_updated_at.value()) == "2024-01-15T10:00:00Z");
    CHECK(seen.source_updated_at == account.source_updated_at.value());
    CHECK(
        json::Value(account.details) ==
        tree(
            R"({"verification_status": "verified", "provider_verification_status": "VERIFICATION_STATUS_VERIFIED",
                   "classification": "retail", "provider_classification": "CLASSIFICATION_RETAIL",
                   "tax_residency": "CH"})"));
}

TEST_CASE("every documented value of a client account is known") {
    CHECK(with("status", "STATUS_INACTIVE").status.value().value == AccountStatus::inactive);
    CHECK(with("status", "STATUS_SUSPENDED").status.value().value == AccountStatus::suspended);
    CHECK(with("type", "TYPE_SOCIETY").type.value().value == AccountType::corporate);
    CHECK(with("type", "TYPE_BANK").type.value().value == AccountType::bank);
    for (const char* name :
         {"unverified", "pending_approval", "approved", "pending_verify", "verified", "rejected"}) {
        std::string text = "VERIFICATION_STATUS_";
        for (const char* c = name; *c != '\0'; ++c) {
            text += *c == '_' ? '_' : static_cast<char>(*c - 'a' + 'A');
        }
        CAPTURE(text);
        CHECK(text_in(with("verificationStatus", text).details, "verification_status") == name);
    }
}

TEST_CASE("an unspecified verification status is other beside the provider's text") {
    const auto page =
        client_account(R"({"result": {"id": "c", "verificationStatus": "VERIFICATION_STATUS_UNSPECIFIED"}})");
    const auto& details = std::get<Account>(page.observations.at(0).normalized).details;
    CHECK(text_in(details, "verification_status") == "other");
    CHECK(text_in(details, "provider_verification_status") == "VERIFICATION_STATUS_UNSPECIFIED");
    CHECK(has_note(page, DriftKind::unknown_value, "verificationStatus"));
}

TEST_CASE("how a holder is classified and verified stays out of the notes where it is not known") {
    const auto page = client_account(
        R"({"result": {"id": "c", "classification": "PRIVATE", "verificationStatus": "PRIVATE"}})");
    const auto& details = std::get<Account>(page.observations.at(0).normalized).details;
    CHECK(text_in(details, "provider_classification") == "PRIVATE");
    CHECK(page.drift ==
          std::vector<domain::DriftNote>{{DriftKind::unknown_value, "verificationStatus", "string"},
                                         {DriftKind::unknown_value, "classification", "string"}});
}

TEST_CASE("documented sub-accounts become sub-accounts with every field in its place") {
    const auto page = tdx::decode_sub_accounts(tests::fixture("sub_accounts"), 500);
    REQUIRE(page.has_value());
    CHECK(page->drift.empty());
    CHECK_FALSE(page->next_cursor.has_value());
    REQUIRE(page->observations.size() == 2);
    const domain::Observation& seen = page->observations[1];
    CHECK(seen.entity == domain::EntityRef{EntityKind::sub_account, "9e68ec8c-c978-4ea2-b511-98d4df38f353"});
    const auto& otc = std::get<SubAccount>(seen.normalized);
    CHECK(otc.account.value() == "8aee564e-2eb1-4a57-b686-05476c2cfd93");
    CHECK(otc.name.value() == "OTC Portfolio");
    CHECK(otc.type.value() == domain::EnumPair{SubAccountType::sub, {"TYPE_SUB"}});
    CHECK(otc.venue.value() == domain::EnumPair{Venue::otc, {"VENUE_OTC"}});
    CHECK(otc.pairs.value() == std::vector<std::string>{"btc-chf-pair-uuid", "eth-chf-pair-uuid"});
    CHECK(domain::to_text(otc.source_created_at.value()) == "2023-07-15T14:00:00Z");
    CHECK(seen.source_updated_at == otc.source_updated_at.value());
}

TEST_CASE("the single read of a sub-account gives the same observation as its list row") {
    const auto list = tdx::decode_sub_accounts(tests::fixture("sub_accounts"), 500);
    const auto single = tdx::decode_sub_account(tests::fixture("sub_account"));
    CHECK(list->observations.at(0).normalized == single->observations.at(0).normalized);
    CHECK(list->observations.at(0).raw == single->observations.at(0).raw);
}

TEST_CASE("no pairs mean all pairs, which is not the same as pairs that are absent or null") {
    CHECK(sub_account(R"(, "pairs": [])").pairs.value().empty());
    CHECK(sub_account("").pairs.is_absent());
    CHECK(sub_account(R"(, "pairs": null)").pairs.is_null());
    CHECK(sub_account(R"(, "pairs": "all")").pairs.is_absent());
}

TEST_CASE("custody sub-accounts are known and an empty parent id names no account") {
    CHECK(sub_account(R"(, "type": "TYPE_CUSTODY")").type.value().value == SubAccountType::custody);
    CHECK(sub_account(R"(, "clientAccountId": "")").account.is_absent());
}
