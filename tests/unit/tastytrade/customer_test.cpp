#include "adapters/tastytrade/customer.hpp"

#include <doctest/doctest.h>

#include "adapters/tastytrade/pages.hpp"
#include "domain/json/codec.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "fakes.hpp"

using namespace tributary;
using namespace tributary::tests::tastytrade;
using domain::DriftKind;
using domain::DriftNote;
using domain::EnumPair;
using domain::Profile;
using domain::ProfileKind;

namespace {

const tastytrade::Identity unassigned{.connection = "conn", .profile = {}};

domain::Page decoded(std::string_view body, const tastytrade::Identity& identity = unassigned) {
    auto page = tastytrade::decode_customer(body, identity);
    REQUIRE(page);
    REQUIRE(page->observations.size() == 1);
    return std::move(*page);
}

domain::Page customer_with(const std::string& members, const tastytrade::Identity& identity = unassigned) {
    return decoded(R"({"data":{"id":"me",)" + members + "}}", identity);
}

const Profile& profile_in(const domain::Page& page) {
    return std::get<Profile>(page.observations.at(0).normalized);
}

}  // namespace

TEST_CASE("the example customer is a person, field by field") {
    const domain::Page page = decoded(fixture("customer.json"));
    CHECK(page.observations[0].provider_id == "C0000037211");
    CHECK(page.observations[0].entity == domain::EntityRef{domain::EntityKind::profile, "C0000037211"});
    CHECK(page.observations[0].access.empty());
    CHECK(page.self.profile == "C0000037211");
    CHECK(page.item_keys == std::vector<std::string>{"C0000037211"});

    const Profile& profile = profile_in(page);
    CHECK(profile.kind.value() == EnumPair<ProfileKind>{ProfileKind::person, "Person"});
    CHECK(profile.status.is_absent());
    CHECK(profile.first_name.value() == "John");
    CHECK(profile.last_name.value() == "Doe");
    CHECK(domain::to_text(profile.birth_date.value()) == "2000-01-01");
    CHECK(profile.email.value() == "johndoe@nowhere.com");
    CHECK(profile.phone.value() == "+11231234567");
    REQUIRE(profile.addresses.size() == 2);
    CHECK(
        json::write(json::to_object(profile.addresses[0])) ==
        R"({"kind":"residential","street":["1234 Fake St."],"city":"Chicago","region":"IL","postal_code":"12345",)"
        R"("country":"USA","is_foreign":false,"is_domestic":true})");
    CHECK(profile.addresses[1].kind.value().value == domain::AddressKind::mailing);
    CHECK(json::write(json::to_object(profile.citizenship)) ==
          R"({"country":"USA","usa_citizenship_type":"citizen","provider_usa_citizenship_type":"Citizen",)"
          R"("is_foreign":false})");
    CHECK(
        json::write(json::to_object(profile.tax)) ==
        R"({"number":"*****1234","number_type":"ssn","provider_number_type":"SSN","subject_to_withholding":false})");
    CHECK(json::write(json::to_object(profile.employment)) ==
          R"({"status":"employed","provider_status":"EMPLOYED","occupation":"Technology",)"
          R"("employer_name":"tastytrade","job_title":"Developer"})");
    CHECK(
        json::write(json::to_object(profile.suitability)) ==
        R"({"id":"3","marital_status":"married","provider_marital_status":"MARRIED","number_of_dependents":4,)"
        R"("annual_net_income":"1000000","net_worth":"10000000","liquid_net_worth":"2000000",)"
        R"("stock_trading_experience":"extensive","provider_stock_trading_experience":"EXTENSIVE",)"
        R"("covered_options_trading_experience":"extensive",)"
        R"("provider_covered_options_trading_experience":"EXTENSIVE",)"
        R"("uncovered_options_trading_experience":"extensive",)"
        R"("provider_uncovered_options_trading_experience":"EXTENSIVE",)"
        R"("futures_trading_experience":"extensive","provider_futures_trading_experience":"EXTENSIVE"})");
    CHECK(
        json::write(json::to_object(profile.agreements)) ==
        R"({"margining":true,"terms":true,"has_industry_affiliation":false,"has_political_affiliation":false,)"
        R"("has_listed_affiliation":false,"is_professional":false,"has_delayed_quotes":false,)"
        R"("has_pending_or_approved_application":true})");
    CHECK(json::write(profile.details) ==
          R"({"external_id":"C0000037211","person":{"external_id":"P0002173211","first_name":"John",)"
          R"("last_name":"Doe","birth_date":"2000-01-01","citizenship_country":"USA",)"
          R"("usa_citizenship_type":"Citizen","marital_status":"MARRIED","number_of_dependents":4,)"
          R"("employment_status":"EMPLOYED","occupation":"Technology","employer_name":"tastytrade",)"
          R"("job_title":"Developer"}})");
}

TEST_CASE("a certification customer with fewer keys is whole and keyed by its connection") {
    const domain::Page page = decoded(fixture("customer_certification.json"));
    CHECK(page.observations[0].provider_id == "conn");
    CHECK(page.self.profile == "conn");
    CHECK(page.drift.empty());
    const Profile& profile = profile_in(page);
    CHECK(profile.kind.is_absent());
    CHECK(profile.first_name.value() == "Zoë");
    CHECK(profile.addresses.at(0).street == std::vector<std::string>{"1 Test Way", "Suite 2"});
    CHECK(profile.tax.number.is_absent());
    CHECK(profile.agreements.terms.is_absent());
    CHECK(profile.agreements.margining.value() == false);
    CHECK(profile.suitability == domain::Suitability{});
    CHECK(domain::to_text(profile.source_created_at.value()) == "2024-01-02T03:04:05.678Z");
}

TEST_CASE("permitted account types keep their own snake_case shape") {
    const domain::Page page = decoded(fixture("customer_certification.json"));
    const json::Value sent = json::parse(fixture("customer_certification.json"))->root;
    CHECK(*json::find(profile_in(page).details, "permitted_account_types") ==
          *sent.find("data")->find("permitted-account-types"));
}

TEST_CASE("the customer's id is the first that it has, and one assigned before sticks") {
    const std::string both = R"("external-id":"C1","person":{"external-id":"P1"})";
    CHECK(customer_with(both).self.profile == "C1");
    CHECK(customer_with(R"("person":{"external-id":"P1"})").self.profile == "P1");
    CHECK(customer_with(R"("external-id":"","person":{"external-id":null})").self.profile == "conn");
    CHECK(customer_with(R"("external-id":7)").self.profile == "7");
    CHECK(customer_with(R"("external-id":1.2345e10)").self.profile == "conn");
    const domain::Page kept = customer_with(both, {.connection = "conn", .profile = "conn"});
    CHECK(kept.observations[0].provider_id == "conn");
    CHECK(kept.self.profile == "conn");
    CHECK(kept.drift.empty());
    CHECK(customer_with(both, {.connection = "conn", .profile = "P1"}).drift.empty());
}

TEST_CASE("a customer with other ids than the assigned one keeps it and is noted") {
    const domain::Page page = customer_with(R"("external-id":"C2")", {.connection = "conn", .profile = "C1"});
    CHECK(page.self.profile == "C1");
    REQUIRE(page.drift.size() == 1);
    CHECK(page.drift[0].kind == DriftKind::other);
    CHECK(page.drift[0].path == "external-id");
}

TEST_CASE("the person fills the gaps of the customer and never overrules it") {
    const domain::Page page = customer_with(
        R"("first-name":"Ann","last-name":null,"person":{"first-name":"Bob","last-name":"Lee","middle-name":"M",
           "prefix-name":"Dr","suffix-name":"Jr","birth-date":"1980-03-04","birth-country":"CAN",
           "citizenship-country":"GBR","usa-citizenship-type":"Visa","visa-type":"H1B",
           "visa-expiration-date":"2030-01-02","marital-status":"SINGLE","number-of-dependents":"1",
           "employment-status":"RETIRED","occupation":"None","employer-name":"E","job-title":"J"})");
    const Profile& profile = profile_in(page);
    CHECK(profile.kind.value() == EnumPair<ProfileKind>{ProfileKind::person});
    CHECK(profile.first_name.value() == "Ann");
    CHECK(profile.last_name.value() == "Lee");
    CHECK(profile.middle_name.value() == "M");
    CHECK(profile.prefix_name.value() == "Dr");
    CHECK(profile.suffix_name.value() == "Jr");
    CHECK(domain::to_text(profile.birth_date.value()) == "1980-03-04");
    CHECK(profile.citizenship.birth_country.value() == "CAN");
    CHECK(profile.citizenship.country.value() == "GBR");
    CHECK(profile.citizenship.usa_citizenship_type.value() ==
          EnumPair<domain::UsaCitizenship>{domain::UsaCitizenship::other, "Visa"});
    CHECK(profile.citizenship.visa_type.value() == "H1B");
    CHECK(domain::to_text(profile.citizenship.visa_expires_on.value()) == "2030-01-02");
    CHECK(profile.suitability.marital_status.value().value == domain::MaritalStatus::single);
    CHECK(profile.suitability.number_of_dependents.value() == 1);
    CHECK(profile.employment.status.value().value == domain::EmploymentStatus::retired);
    CHECK(profile.employment.employer_name.value() == "E");
    CHECK(json::write(*json::find(profile.details, "person")).find(R"("number_of_dependents":1)") !=
          std::string::npos);
    CHECK(page.drift ==
          std::vector<DriftNote>{{DriftKind::unknown_value, "person.usa-citizenship-type", "string"},
                                 {DriftKind::changed_type, "person.number-of-dependents", "string"}});
}

TEST_CASE("what a person is by a text nobody documented is noted, but the text is not") {
    const auto choices = [](std::initializer_list<std::string_view> keys) {
        std::string members;
        for (const std::string_view key : keys) {
            members += (members.empty() ? "\"" : ",\"") + std::string(key) + R"(":"PRIVATE")";
        }
        return members;
    };
    const auto of_person = choices({"usa-citizenship-type", "marital-status", "employment-status"});
    const auto of_suitability =
        choices({"marital-status", "employment-status", "stock-trading-experience",
                 "covered-options-trading-experience", "uncovered-options-trading-experience",
                 "futures-trading-experience"});
    const domain::Page page =
        customer_with(choices({"usa-citizenship-type", "tax-number-type"}) + R"(,"person":{)" + of_person +
                      R"(},"customer-suitability":{)" + of_suitability + "}");
    CHECK(profile_in(page).suitability.marital_status.value() ==
          EnumPair<domain::MaritalStatus>{domain::MaritalStatus::other, "PRIVATE"});
    CHECK(page.drift.size() == 11);
    for (const DriftNote& note : page.drift) {
        CAPTURE(note.path);
        CHECK(note.kind == DriftKind::unknown_value);
        CHECK(note.found == "string");
    }
}

TEST_CASE("types that the documentation and the wire disagree on are read either way") {
    const domain::Page page = customer_with(
        R"("is-foreign":"true","has-pending-or-approved-application":"false",
           "customer-suitability":{"id":"3","number-of-dependents":"4","annual-net-income":"1000000",
             "net-worth":123456789012345678901234,"liquid-net-worth":"0.10","customer-id":9,"tax-bracket":"24%"},
           "has-institutional-assets":"no","is-investment-adviser":true,
           "address":{"is-domestic":"true","is-foreign":"false"})");
    const Profile& profile = profile_in(page);
    CHECK(profile.citizenship.is_foreign.value());
    CHECK_FALSE(profile.agreements.has_pending_or_approved_application.value());
    CHECK(profile.suitability.id.value() == "3");
    CHECK(profile.suitability.number_of_dependents.value() == 4);
    CHECK(profile.suitability.annual_net_income.value().lexeme == "1000000");
    CHECK(profile.suitability.net_worth.value().lexeme == "123456789012345678901234");
    CHECK(profile.suitability.liquid_net_worth.value().lexeme == "0.10");
    CHECK(profile.suitability.tax_bracket.value() == "24%");
    CHECK(profile.addresses.at(0).is_domestic.value());
    CHECK_FALSE(profile.addresses.at(0).is_foreign.value());
    CHECK(
        json::write(profile.details) ==
        R"({"has_institutional_assets":"no","is_investment_adviser":true,"customer_suitability":{"customer_id":9}})");
}

TEST_CASE("every documented text of a customer that has no place of its own is kept") {
    for (const std::string key :
         {"first-surname", "second-surname", "home-phone-number", "work-phone-number",
          "home-phone-number-details", "mobile-phone-number-details", "work-phone-number-details",
          "industry-affiliation-firm", "listed-affiliation-symbol", "political-organization",
          "family-member-names", "gender", "desk-customer-id", "ext-crm-id", "user-id", "regulatory-domain",
          "cherry-club-date"}) {
        const domain::Page page = customer_with("\"" + key + R"(":"v")");
        std::string name = key;
        std::ranges::replace(name, '-', '_');
        CHECK_MESSAGE(json::write(profile_in(page).details) == "{\"" + name + R"(":"v"})", key);
        CHECK_MESSAGE(page.drift.empty(), key);
    }
    CHECK(json::write(profile_in(customer_with(R"("signature-of-agreement":true)")).details) ==
          R"({"signature_of_agreement":true})");
    CHECK(profile_in(customer_with(R"("foreign-tax-number":"F1")")).tax.foreign_number.value() == "F1");
}

TEST_CASE("an entity has a legal name, its own contact and addresses, and keeps all the rest") {
    const domain::Page page = decoded(fixture("customer_entity.json"));
    const Profile& profile = profile_in(page);
    CHECK(profile.kind.value() == EnumPair<ProfileKind>{ProfileKind::entity, "Entity"});
    CHECK(profile.legal_name.value() == "Muster Holdings LLC");
    CHECK(profile.email.value() == "office@example.test");
    CHECK(profile.phone.value() == "+15550000001");
    CHECK(profile.tax.number.value() == "*****4321");
    REQUIRE(profile.addresses.size() == 2);
    CHECK(profile.addresses[0].city.value() == "Miami");
    CHECK(profile.addresses[1].street == std::vector<std::string>{"PO Box 9"});
    CHECK(profile.suitability.annual_net_income.value().lexeme == "2500000000.50");
    CHECK(profile.suitability.stock_trading_experience.value().value == domain::TradingExperience::good);
    CHECK(
        json::write(*json::find(profile.details, "entity")) ==
        R"({"id":17,"legal_name":"Muster Holdings LLC","entity_type":"LLC","business_nature":"Holding",)"
        R"("email":"office@example.test","phone_number":"+15550000001","tax_number":"*****4321","tax_election":"S",)"
        R"("date_of_trust_creation":"2001-02-03","secretary_name":"A. Clerk","foreign_institution":"none",)"
        R"("has_foreign_bank_affiliation":false,"has_foreign_institution_affiliation":false,"is_domestic":true,)"
        R"("is_hedge_fund":false,"address":{"street_one":"9 Quay","city":"Miami","state_region":"FL",)"
        R"("country":"USA"},"mailing_address":{"street_one":"PO Box 9","city":"Miami","country":"USA"},)"
        R"("grantor_birth_date":"1950-01-01","grantor_email":"grantor@example.test","grantor_first_name":"Gale",)"
        R"("grantor_last_name":"Muster","grantor_middle_name":"Q","grantor_tax_number":"*****1111",)"
        R"("entity_officers":[{"id":4,"external_id":"P1","first_name":"Olive","last_name":"Officer",)"
        R"("address":{"street_one":"5 Hill","postal_code":"33101"},"number_of_dependents":2,"is_foreign":false,)"
        R"("owner_of_record":true,"relationship_to_entity":"DIRECTOR"}],)"
        R"("entity_suitability":{"id":8,"entity_id":17,"annual_net_income":2500000000.50,"net_worth":9000000000,)"
        R"("liquid_net_worth":5000000000,"tax_bracket":"35%","stock_trading_experience":"GOOD",)"
        R"("covered_options_trading_experience":"LIMITED","uncovered_options_trading_experience":"NONE",)"
        R"("futures_trading_experience":"EXTENSIVE"}})");
}

TEST_CASE("an unknown kind of customer is other with its text, and nothing else is lost") {
    const domain::Page page = customer_with(R"("identifiable-type":"Robot","first-name":"R")");
    CHECK(profile_in(page).kind.value() == EnumPair<ProfileKind>{ProfileKind::other, "Robot"});
    CHECK(profile_in(page).first_name.value() == "R");
}

TEST_CASE("nested parts of the wrong type cost themselves alone") {
    const domain::Page page = customer_with(
        R"("first-name":"A","address":"12 Road","mailing-address":{},"person":[],"entity":7,"customer-suitability":"x",
           "birth-date":"01/02/2000")");
    const Profile& profile = profile_in(page);
    CHECK(profile.first_name.value() == "A");
    CHECK(profile.addresses.empty());
    CHECK(profile.birth_date.is_absent());
    CHECK(profile.kind.is_absent());
    CHECK(page.drift.size() == 5);
}

TEST_CASE("unknown members are noted with their path at every depth, never with their value") {
    const domain::Page page = customer_with(
        R"("shoe-size":42,"address":{"floor":"3"},"person":{"pet":"Rex"},"customer-suitability":{"mood":"good"},
           "entity":{"logo":"x","entity-officers":[{"desk":"y"}],"entity-suitability":{"z":1}})");
    std::vector<std::string> paths;
    for (const DriftNote& note : page.drift) {
        CHECK(note.kind == DriftKind::new_field);
        paths.push_back(note.path + ":" + note.found);
    }
    std::ranges::sort(paths);
    CHECK(paths == std::vector<std::string>{"address.floor:string", "customer-suitability.mood:string",
                                            "entity.entity-officers[].desk:string",
                                            "entity.entity-suitability.z:number", "entity.logo:string",
                                            "person.pet:string", "shoe-size:number"});
}
