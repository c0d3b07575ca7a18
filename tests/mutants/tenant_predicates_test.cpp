#include <doctest/doctest.h>

#include <map>
#include <set>

#include "tests/mutants/predicates.hpp"
#include "tests/mutants/sources.hpp"
#include "tests/mutants/trial.hpp"

using namespace tributary;
using namespace tributary::mutants;

namespace {

/// The scenario as it goes with the statements as they are, as the owner of the tables, to whom no wall
/// applies.
struct Unwalled {
    World world{Wall::down};
    Trial trial{world, std::nullopt};
    std::vector<Step> steps = scenario();
    std::map<std::string, Outcome> expected;
    /// The steps that run a statement.
    std::map<std::string, std::vector<const Step*>> steps_by_statement;

    Unwalled() {
        for (const Step& step : steps) {
            std::set<std::string> statements;
            expected[step.name] = trial.run(step, [&statements](std::string sql) {
                statements.insert(sql);
                return sql;
            });
            for (const std::string& statement : statements) {
                steps_by_statement[statement].push_back(&step);
            }
        }
    }

    /// In what way a step notices that `mutant` runs in the place of `statement`; empty where none does.
    std::string noticed(const std::string& statement, const std::string& mutant) {
        for (const Step* step : steps_by_statement.at(statement)) {
            const Outcome outcome =
                trial.run(*step, [&](const std::string& sql) { return sql == statement ? mutant : sql; });
            if (auto how = difference(outcome, expected.at(step->name)); !how.empty()) return how;
        }
        return "";
    }
};

Unwalled& unwalled() {
    static Unwalled once;
    return once;
}

/// Where the sources have this statement.
std::string name_of_statement(const std::string& statement) {
    for (const SourceText& source : tenant_literals(TRIBUTARY_STATEMENTS)) {
        if (statement.contains(source.text)) return source.name;
    }
    return statement;
}

}  // namespace

TEST_CASE("the scenario runs every statement of the store that names a tenant") {
    std::string all;
    for (const auto& [statement, steps] : unwalled().steps_by_statement) {
        all += statement + '\0';
    }
    for (const SourceText& source : tenant_literals(TRIBUTARY_STATEMENTS)) {
        CHECK_MESSAGE(all.contains(source.text), "no step runs ", source.name);
    }
}

TEST_CASE("the scenario goes the same way each time, and lets other tenants' rows alone") {
    for (const Step& step : unwalled().steps) {
        const Outcome& expected = unwalled().expected.at(step.name);
        const Outcome again = unwalled().trial.run(step, {});
        CAPTURE(step.name);
        CHECK(expected.failed.empty());
        CHECK(expected.touched == "");
        CHECK_FALSE(expected.told.contains(foreign_mark));
        CHECK(difference(again, expected) == "");
    }
}

TEST_CASE("each statement says which tenant it is about in a form that a mutant can leave out") {
    for (const auto& [statement, steps] : unwalled().steps_by_statement) {
        CHECK_MESSAGE(unreadable_part(statement) == "", statement);
        if (names_table(statement, unwalled().world.walled_tables())) {
            CHECK_MESSAGE(statement.contains("tenant_id"), statement);
        }
    }
}

TEST_CASE("each tenant predicate that is missing is noticed") {
    std::set<std::string> texts;
    std::size_t written = 0;
    for (const SourceText& source : tenant_literals(TRIBUTARY_STATEMENTS)) {
        if (texts.insert(source.text).second) written += tenant_predicates(source.text).size();
    }
    std::size_t mutants = 0;
    std::map<std::string, std::size_t> ways;
    for (const auto& [statement, steps] : unwalled().steps_by_statement) {
        for (const Predicate& predicate : tenant_predicates(statement)) {
            ++mutants;
            const std::string how = unwalled().noticed(statement, without(statement, predicate));
            ++ways[how.substr(0, how.find(" in "))];
            CHECK_MESSAGE(how != "", name_of_statement(statement), " needs no '",
                          statement.substr(predicate.begin, predicate.length), "' at ", predicate.begin);
        }
    }
    for (const auto& [way, count] : ways) {
        MESSAGE(count, " of ", mutants, " mutants noticed by ", way);
        // ON CONFLICT without the tenant fits no key; a subquery for one value found ours and theirs. Any
        // other failure is the mutant's own, and shows nothing.
        const bool fails = way.starts_with("a statement fails");
        CHECK((!fails || way == "a statement fails 42P10" || way == "a statement fails 21000"));
    }
    CHECK(mutants >= written);
}
