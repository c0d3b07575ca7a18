// The ground truth must be true: it is held against the service's own identity rule, which it does not use.

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "bench.hpp"
#include "domain/identity.hpp"
#include "domain/json/write.hpp"
#include "tests/sandbox/population/generate.hpp"
#include "tests/sandbox/tdx/shapes.hpp"

using namespace tributary;
using namespace tributary::sandbox;

namespace {

std::string population_text(const PopulationOptions& options) {
    Sandbox sandbox(generate(options), [] { return domain::Timestamp{}; });
    return sandbox.control(make_request("GET", "/population", {})).body;
}

void read(const json::Object& object, std::string_view key, domain::Field<std::string>& into) {
    const json::Value* value = json::find(object, key);
    if (value != nullptr && value->if_string() != nullptr) into = *value->if_string();
}

domain::IdentityFacts facts_of_item(Kind kind, const json::Object& object) {
    domain::Profile profile;
    domain::Field<std::string> birth;
    const bool tasty = kind == Kind::tastytrade_customer;
    read(object,
         tasty                    ? "first-name"
         : kind == Kind::tdx_user ? "firstname"
                                  : "first_name",
         profile.first_name);
    read(object, tasty ? "last-name" : kind == Kind::tdx_user ? "lastname" : "last_name", profile.last_name);
    read(object, "email", profile.email);
    read(object,
         tasty                    ? "mobile-phone-number"
         : kind == Kind::tdx_user ? "phoneNumber"
                                  : "phone_number",
         profile.phone);
    read(object, tasty ? "birth-date" : "birth_date", birth);
    read(object, tasty ? "tax-number" : "social_security_number", profile.tax.number);
    if (birth.has_value()) profile.birth_date = domain::parse_date(birth.value()).value();
    const bool entity = json::find(object, "entity") != nullptr;
    profile.kind = domain::EnumPair<domain::ProfileKind>{entity ? domain::ProfileKind::entity
                                                                : domain::ProfileKind::person};
    return domain::identity_facts(profile);
}

struct Known {
    std::string id;
    std::string person;
    domain::IdentityFacts facts;
};

std::vector<Known> known_profiles(const World& world) {
    std::vector<Known> known;
    for (const Kind kind : {Kind::tastytrade_customer, Kind::tdx_user, Kind::upvest_user}) {
        for (const Item* item : world.of(kind).live()) {
            const auto login = std::ranges::find(world.tdx_logins, item->id, &TdxLogin::user_id);
            const bool own = kind != Kind::tdx_user || login != world.tdx_logins.end();
            known.push_back({item->id, item->person,
                             facts_of_item(kind, own ? object_of(*item) : tdx_listed_user(*item))});
        }
    }
    return known;
}

/// Joins what the rule links, one profile after the other.
std::size_t root(std::vector<std::size_t>& parents, std::size_t index) {
    while (parents[index] != index)
        index = parents[index];
    return index;
}

}  // namespace

TEST_CASE("the population is the same byte for byte for the same seed, and another for another") {
    const PopulationOptions options{.seed = 5, .people = 120, .upvest_groups = 150};
    CHECK(population_text(options) == population_text(options));
    CHECK(population_text(options) != population_text({.seed = 6, .people = 120, .upvest_groups = 150}));
}

TEST_CASE("more account groups leave the people as they were") {
    const auto few = generate({.seed = 1, .people = 100, .upvest_groups = 10});
    const auto many = generate({.seed = 1, .people = 100, .upvest_groups = 900});
    const auto left = few->of(Kind::upvest_user).live();
    const auto right = many->of(Kind::upvest_user).live();
    REQUIRE(left.size() == right.size());
    for (std::size_t i = 0; i < left.size(); ++i) {
        CHECK(left[i]->text == right[i]->text);
    }
    CHECK(many->of(Kind::upvest_account_group).live().size() == 900);
}

TEST_CASE("profiles of one person are connected by the identity rule, profiles of two never") {
    const auto world = generate({.seed = 1});
    const auto known = known_profiles(*world);
    std::vector<std::size_t> parents(known.size());
    for (std::size_t i = 0; i < known.size(); ++i)
        parents[i] = i;
    for (std::size_t i = 0; i < known.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const bool linked = domain::decide_identity(known[i].facts, known[j].facts).verdict ==
                                domain::IdentityVerdict::link;
            CHECK_MESSAGE(!(linked && known[i].person != known[j].person), known[i].person, " and ",
                          known[j].person);
            if (linked) parents[root(parents, i)] = root(parents, j);
            if (known[i].person == known[j].person)
                CHECK(!domain::contradict(known[i].facts, known[j].facts));
        }
    }
    std::map<std::string, std::set<std::size_t>> clusters;
    std::size_t merged = 0;
    for (std::size_t i = 0; i < known.size(); ++i) {
        merged += clusters[known[i].person].insert(root(parents, i)).second ? 0 : 1;
    }
    for (const auto& [person, roots] : clusters) {
        CHECK_MESSAGE(roots.size() == 1, person);
    }
    CHECK(merged > 100);
}

TEST_CASE("look-alikes are suggested exactly where the identity rule suggests") {
    const auto world = generate({.seed = 1});
    std::map<std::string, domain::IdentityFacts> facts;
    for (const Known& each : known_profiles(*world)) {
        facts.emplace(each.id, each.facts);
    }
    CHECK(world->look_alikes.size() > 30);
    for (const LookAlike& pair : world->look_alikes) {
        const auto decision = domain::decide_identity(facts.at(pair.left_id), facts.at(pair.right_id));
        CHECK_MESSAGE((decision.verdict == domain::IdentityVerdict::suggest) == pair.suggested, pair.reason);
    }
}

TEST_CASE("the population holds what tests of the service rely on") {
    Bench bench(2000);
    const json::Value population = bench.population();
    CHECK(array_at(population, {"tdx", "tdx-04", "sub_accounts"}).size() > 500);
    CHECK(at(population, {"tdx", "tdx-05", "users"}).is_null());
    CHECK(array_at(population, {"tdx", "tdx-03", "sub_accounts"}).size() == 1);
    CHECK(array_at(population, {"tastytrade", "tasty-05", "accounts"}).empty());
    CHECK(at(population, {"tastytrade", "tasty-03", "customer"}).find("external-id") == nullptr);
    const std::string text = bench.control("GET", "/population").body;
    for (const char* part :
         {"\"trade-only\"", "\"view-plus\"", "\"JOINT\"", "\"GUARDIAN\"", "\"business_id\"",
          "\"PENSION_POT\"", "\"is-closed\":true", "\"closed-at\"", "\"decease_date\":null",
          "\"UNDER_REVIEW\"", "\"VENUE_DARK\"", "\"known\":false", "\"LANGUAGE_ROMANSH\""}) {
        CHECK_MESSAGE(text.find(part) != std::string::npos, part);
    }
}
