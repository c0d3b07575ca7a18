#include <doctest/doctest.h>

#include <map>

#include "tests/mutants/predicates.hpp"
#include "tests/mutants/trial.hpp"

using namespace tributary::mutants;

TEST_CASE(
    "with row-level security on, statements without any tenant predicate show and change nothing of others") {
    const World world(Wall::up);
    make_service_role(world.database());
    Trial trial(world, service_role);
    std::map<std::string, std::string> forgotten;
    const auto forgetful = [&](const std::string& sql) {
        const auto [place, fresh] = forgotten.try_emplace(sql, sql);
        if (fresh && names_table(sql, world.walled_tables())) place->second = without_conditions(sql);
        return place->second;
    };
    for (const Step& step : scenario()) {
        const Outcome expected = trial.run(step, {});
        const Outcome outcome = trial.run(step, forgetful);
        CAPTURE(step.name);
        CHECK_FALSE(outcome.told.contains(foreign_mark));
        CHECK_FALSE(outcome.rows.contains(foreign_mark));
        CHECK(outcome.touched == "");
        CHECK(difference(outcome, expected) == "");
    }
}
