#include "domain/identity.hpp"

#include <doctest/doctest.h>

using namespace tributary::domain;

namespace {

IdentityFacts john() {
    IdentityFacts facts;
    facts.full_name = "john doe";
    facts.birth_date = parse_date("2000-01-01");
    facts.email = "john@example.com";
    facts.phone = "+11231234567";
    facts.tax_last_four = "1234";
    return facts;
}

template <class Change>
IdentityFacts john_but(Change change) {
    IdentityFacts facts = john();
    change(facts);
    return facts;
}

}  // namespace

TEST_CASE("the identity rule decides every combination as written") {
    struct Row {
        const char* name = "";
        IdentityFacts other;
        IdentityVerdict verdict{};
    };

    const Row rows[] = {
        {"everything agrees", john(), IdentityVerdict::link},
        {"e-mail differs, phone agrees", john_but([](auto& f) { f.email = "j@example.org"; }),
         IdentityVerdict::link},
        {"birth date unknown on one side", john_but([](auto& f) { f.birth_date.reset(); }),
         IdentityVerdict::link},
        {"household: contact agrees, name and birth date differ", john_but([](auto& f) {
             f.full_name = "jane doe";
             f.birth_date = parse_date("2001-02-02");
         }),
         IdentityVerdict::apart},
        {"household: contact agrees, name differs, birth date unknown", john_but([](auto& f) {
             f.full_name = "jane doe";
             f.birth_date.reset();
             f.tax_last_four.reset();
         }),
         IdentityVerdict::apart},
        {"changed name: contact and birth date agree", john_but([](auto& f) { f.full_name = "john smith"; }),
         IdentityVerdict::suggest},
        {"namesake without a shared contact", john_but([](auto& f) {
             f.email = "other@example.com";
             f.phone = "+19999999999";
             f.birth_date.reset();
         }),
         IdentityVerdict::apart},
        {"name and birth date agree without a shared contact", john_but([](auto& f) {
             f.email = "other@example.com";
             f.phone.reset();
         }),
         IdentityVerdict::suggest},
        {"birth date contradicts", john_but([](auto& f) { f.birth_date = parse_date("1999-01-01"); }),
         IdentityVerdict::apart},
        {"last four of the tax number contradict", john_but([](auto& f) { f.tax_last_four = "9999"; }),
         IdentityVerdict::apart},
        {"an entity is not its owner", john_but([](auto& f) { f.is_entity = true; }), IdentityVerdict::apart},
        {"no name at all", john_but([](auto& f) { f.full_name.reset(); }), IdentityVerdict::suggest},
    };
    for (const Row& row : rows) {
        CAPTURE(row.name);
        CHECK(decide_identity(john(), row.other).verdict == row.verdict);
        CHECK(decide_identity(row.other, john()).verdict == row.verdict);
    }
}

TEST_CASE("two absent values agree on nothing") {
    CHECK(decide_identity({}, {}).verdict == IdentityVerdict::apart);
}

TEST_CASE("a full tax number with the name links, and its evidence names what agreed and no value") {
    IdentityFacts left;
    left.full_name = "john doe";
    left.tax_number = "123456789";
    const IdentityDecision decision = decide_identity(left, left);
    CHECK(decision.verdict == IdentityVerdict::link);
    CHECK(decision.agreed == std::vector<std::string>{"tax_number", "full_name"});
}
