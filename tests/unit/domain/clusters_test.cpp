#include "domain/clusters.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "domain/ids.hpp"

using namespace tributary::domain;
using ports::Link;
using ports::LinkState;

namespace {

Uuid id(int number) {
    Uuid made;
    made.bytes[15] = static_cast<std::uint8_t>(number);
    return made;
}

IdentityFacts person(const std::string& name, const std::string& email, const char* birth_date = nullptr) {
    IdentityFacts facts;
    facts.full_name = name;
    facts.email = email;
    if (birth_date != nullptr) {
        facts.birth_date = parse_date(birth_date);
    }
    return facts;
}

/// A population in which every profile was founded in the order of its number.
struct Population {
    ClusterInput input;

    void add(int number, IdentityFacts facts) {
        input.facts[id(number)] = std::move(facts);
        input.founded[id(number)] = Timestamp(std::chrono::seconds(number));
    }

    void changed(int number) {
        input.changed.push_back(id(number));
        for (const auto& [other, facts] : input.facts) {
            if (other != id(number)) {
                input.candidates.emplace(id(number), other);
            }
        }
    }

    [[nodiscard]] Uuid singleton(int number) const { return singleton_customer_id(input.tenant, id(number)); }

    void link(int low, int high, LinkState state, bool by_operator = false) {
        input.links.push_back({id(low), id(high), state, "contact_and_name", "[]", by_operator});
    }

    /// Applies a plan and returns who stands where.
    ClusterPlan settle() {
        ClusterPlan plan = plan_clusters(input);
        for (const auto& membership : plan.memberships) {
            input.membership[membership.profile_id] = membership.customer_id;
        }
        return plan;
    }
};

}  // namespace

TEST_CASE("profiles of one person join the customer that was founded first") {
    Population people;
    people.add(7, person("john doe", "j@example.com"));
    people.add(3, person("john doe", "j@example.com"));
    people.changed(7);
    const ClusterPlan plan = people.settle();
    CHECK(people.input.membership.at(id(7)) == people.singleton(3));
    CHECK(people.input.membership.at(id(3)) == people.singleton(3));
    REQUIRE(plan.links.size() == 1);
    CHECK(plan.links[0].state == LinkState::linked);
    CHECK(plan.links[0].low == id(3));
}

TEST_CASE("a profile that nobody matches is a customer of its own") {
    Population people;
    people.add(1, person("john doe", "j@example.com"));
    people.changed(1);
    CHECK(people.settle().links.empty());
    CHECK(people.input.membership.at(id(1)) == people.singleton(1));
}

TEST_CASE(
    "a profile that would join two customers who contradict each other joins one and is suggested to the "
    "other") {
    Population people;
    people.add(1, person("john doe", "j@example.com", "2000-01-01"));
    people.add(2, person("john doe", "j@example.com", "1950-05-05"));
    people.add(3, person("john doe", "j@example.com"));
    people.input.membership = {{id(1), people.singleton(1)}, {id(2), people.singleton(2)}};
    people.changed(3);
    const ClusterPlan plan = people.settle();
    CHECK(people.input.membership.at(id(1)) != people.input.membership.at(id(2)));
    CHECK(std::ranges::count(plan.links, LinkState::linked, &Link::state) == 1);
    CHECK(std::ranges::count(plan.links, LinkState::suggested, &Link::state) == 1);
}

TEST_CASE("a rejected pair stays apart, also through a third profile") {
    Population people;
    people.add(1, person("john doe", "j@example.com"));
    people.add(2, person("john doe", "j@example.com"));
    people.add(3, person("john doe", "j@example.com"));
    people.input.membership = {{id(1), people.singleton(1)}, {id(2), people.singleton(2)}};
    people.link(1, 2, LinkState::rejected);
    people.changed(3);
    people.settle();
    CHECK(people.input.membership.at(id(1)) != people.input.membership.at(id(2)));
}

TEST_CASE("a profile that comes to contradict its customer leaves it and becomes a suggestion") {
    Population people;
    people.add(1, person("john doe", "j@example.com", "2000-01-01"));
    people.add(2, person("john doe", "j@example.com", "1950-05-05"));
    people.input.membership = {{id(1), people.singleton(1)}, {id(2), people.singleton(1)}};
    people.link(1, 2, LinkState::linked);
    people.changed(2);
    const ClusterPlan plan = people.settle();
    CHECK(people.input.membership.at(id(2)) == people.singleton(2));
    REQUIRE(plan.links.size() == 1);
    CHECK(plan.links[0].state == LinkState::suggested);
}

TEST_CASE("a link whose evidence is gone with a change is a suggestion, and chains no two people together") {
    // A profile of one, later of a stranger, later of another: a seat that a firm hands on.
    Population people;
    people.add(1, person("anna adler", "anna@example.com"));
    people.add(2, person("boris brandt", "boris@example.com"));
    people.add(9, person("anna adler", "anna@example.com"));
    people.changed(9);
    ClusterPlan plan = people.settle();
    REQUIRE(people.input.membership.at(id(9)) == people.singleton(1));
    people.input.links = plan.links;

    people.add(9, person("zoe zorn", "zoe@example.com"));
    plan = people.settle();
    CHECK(people.input.membership.at(id(9)) == people.singleton(9));
    REQUIRE(plan.links.size() == 1);
    CHECK(plan.links.front().state == LinkState::suggested);
    CHECK(plan.links.front().rule == "evidence_gone_after_change");
    people.input.links = plan.links;

    people.add(9, person("boris brandt", "boris@example.com"));
    people.settle();
    CHECK(people.input.membership.at(id(9)) == people.singleton(2));
    CHECK(people.input.membership.at(id(1)) == people.singleton(1));
}

TEST_CASE("a new name alone or a new contact alone leaves a link as it is") {
    for (const IdentityFacts& facts :
         {person("anna brandt", "anna@example.com"), person("anna adler", "new@example.com")}) {
        Population people;
        people.add(1, person("anna adler", "anna@example.com"));
        people.add(9, facts);
        people.link(1, 9, LinkState::linked);
        people.changed(9);
        CHECK(people.settle().links.empty());
        CHECK(people.input.membership.at(id(9)) == people.singleton(1));
    }
}

TEST_CASE("a changed profile holds nobody together with one that cannot be looked at any more") {
    Population people;
    people.add(1, person("anna adler", "anna@example.com"));
    people.add(2, person("anna adler", "other@example.com"));
    people.link(1, 5, LinkState::linked);
    people.link(2, 5, LinkState::linked);
    people.input.membership = {
        {id(1), people.singleton(1)}, {id(2), people.singleton(1)}, {id(5), people.singleton(1)}};
    people.input.changed = {id(2)};
    people.settle();
    CHECK(people.input.membership.at(id(1)) == people.singleton(1));
    CHECK(people.input.membership.at(id(2)) == people.singleton(2));
}

TEST_CASE("what an operator linked stays linked whatever changes") {
    Population people;
    people.add(1, person("john doe", "j@example.com", "2000-01-01"));
    people.add(2, person("john doe", "j@example.com", "1950-05-05"));
    people.input.membership = {{id(1), people.singleton(1)}, {id(2), people.singleton(1)}};
    people.link(1, 2, LinkState::linked, true);
    people.changed(2);
    CHECK(people.settle().links.empty());
    CHECK(people.input.membership.at(id(2)) == people.singleton(1));
}

TEST_CASE("when the profile that held a customer together leaves, the rest falls into its parts") {
    Population people;
    people.add(1, person("john doe", "a@example.com", "2000-01-01"));
    people.add(2, person("john doe", "b@example.com", "1950-05-05"));
    people.add(3, person("john doe", "c@example.com", "2000-01-01"));
    for (const int number : {1, 2, 3}) {
        people.input.membership[id(number)] = people.singleton(1);
    }
    people.link(1, 2, LinkState::linked);
    people.link(2, 3, LinkState::linked);
    people.input.changed.push_back(id(2));
    people.settle();
    CHECK(people.input.membership.at(id(1)) == people.singleton(1));
    CHECK(people.input.membership.at(id(2)) == people.singleton(2));
    CHECK(people.input.membership.at(id(3)) == people.singleton(3));
}

TEST_CASE("nothing is written for a person whose place does not change") {
    Population people;
    people.add(1, person("john doe", "j@example.com"));
    people.add(2, person("john doe", "j@example.com"));
    people.input.membership = {{id(1), people.singleton(1)}, {id(2), people.singleton(1)}};
    people.link(1, 2, LinkState::linked);
    people.changed(1);
    const ClusterPlan plan = people.settle();
    CHECK(plan.links.empty());
    CHECK(plan.memberships.empty());
}
