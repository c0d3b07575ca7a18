#include <doctest/doctest.h>

#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::Uuid;

namespace {

const IdentifierKey email{IdentifierKind::email, std::string(64, 'a')};
const IdentifierKey phone{IdentifierKind::phone, std::string(64, 'a')};

Link link(std::string_view one, std::string_view other, LinkState state) {
    Link made;
    made.low = std::min(id_of(one), id_of(other));
    made.high = std::max(id_of(one), id_of(other));
    made.state = state;
    made.rule = "contact_and_name";
    made.evidence = R"(["email","name"])";
    return made;
}

}  // namespace

TEST_CASE_FIXTURE(StoreFixture, "members of an identifier are found by kind and hash, and by profile") {
    must([](PageTransaction& page) {
        good(page.lock_identifiers(std::vector{phone, email}));
        good(page.add_identifiers(
            std::vector<IdentifierMember>{{email, id_of("ada")}, {phone, id_of("bob")}}));
        good(page.add_identifiers(std::vector<IdentifierMember>{{email, id_of("ada")}}));
    });
    must([](PageTransaction& page) {
        const auto members = good(page.identifier_members(std::vector{email}));
        REQUIRE(members.size() == 1);
        CHECK(members[0].key == email);
        CHECK(members[0].profile_id == id_of("ada"));
        CHECK(good(page.identifiers_of(std::vector{id_of("bob")})).at(0).key == phone);
        good(page.drop_identifiers(
            std::vector<IdentifierMember>{{email, id_of("ada")}, {email, id_of("bob")}}));
        CHECK(good(page.identifier_members(std::vector{email, phone})).size() == 1);
    });
}

TEST_CASE_FIXTURE(StoreFixture, "a link is found from either end and replaced by a later fact") {
    must([](PageTransaction& page) {
        good(page.write_links(
            std::vector{link("ada", "bob", LinkState::suggested), link("ada", "eve", LinkState::linked)}));
        Link rejected = link("bob", "ada", LinkState::rejected);
        rejected.by_operator = true;
        good(page.write_links(std::vector{rejected}));
    });
    must([](PageTransaction& page) {
        const auto of_bob = good(page.links_of(std::vector{id_of("bob")}));
        REQUIRE(of_bob.size() == 1);
        CHECK(of_bob[0].state == LinkState::rejected);
        CHECK(of_bob[0].by_operator);
        CHECK(of_bob[0].evidence == R"(["email","name"])");
        CHECK(good(page.links_of(std::vector{id_of("ada")})).size() == 2);
    });
}

TEST_CASE_FIXTURE(StoreFixture, "a profile moves from one customer to another and both can be asked for") {
    must([](PageTransaction& page) {
        good(page.write_memberships(
            std::vector<Membership>{{id_of("p-1"), id_of("c-1")}, {id_of("p-2"), id_of("c-2")}}));
        good(page.write_memberships(std::vector<Membership>{{id_of("p-2"), id_of("c-1")}}));
        CHECK(good(page.memberships_of_customers(std::vector{id_of("c-1")})).size() == 2);
        CHECK(good(page.memberships_of_customers(std::vector{id_of("c-2")})).empty());
        CHECK(good(page.memberships_of_profiles(std::vector{id_of("p-2")})).at(0).customer_id ==
              id_of("c-1"));
    });
}

TEST_CASE_FIXTURE(StoreFixture, "a customer is founded once, redirected, and brought back") {
    domain::Timestamp founded;
    must([&](PageTransaction& page) {
        founded = good(page.lock_customers(std::vector{id_of("c-1"), id_of("c-2")})).at(0).founded_at;
        good(page.write_redirects(std::vector<CustomerState>{{id_of("c-2"), founded, id_of("c-1")}}));
    });
    must([&](PageTransaction& page) {
        const auto again = good(page.lock_customers(std::vector{id_of("c-2")}));
        CHECK(again.at(0).founded_at == founded);
        CHECK(again.at(0).redirect_to == id_of("c-1"));
        good(page.write_redirects(std::vector<CustomerState>{{id_of("c-2"), founded, std::nullopt}}));
        CHECK_FALSE(good(page.lock_customers(std::vector{id_of("c-2")})).at(0).redirect_to);
    });
}
