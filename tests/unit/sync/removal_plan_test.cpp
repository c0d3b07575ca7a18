#include "services/sync/removal_plan.hpp"

#include <doctest/doctest.h>

using namespace tributary;
using Keys = std::vector<std::string>;

TEST_CASE("missing objects that nobody decided about are told apart from those that go and those that stay") {
    const auto plan =
        sync::plan_removal({"a", "b", "c", "d"}, {.approved = {"b"}, .rejected = {"d"}, .waiting = false});
    CHECK(plan.undecided == Keys{"a", "c"});
    CHECK(plan.approved == Keys{"b"});
    CHECK(plan.kept == 1);
    CHECK(plan.settled.empty());
}

TEST_CASE("a decision on an object that is not missing any more is settled") {
    const auto plan = sync::plan_removal({}, {.approved = {"a"}, .rejected = {"b"}, .waiting = true});
    CHECK(plan.settled == Keys{"a", "b"});
    CHECK(plan.approved.empty());
    CHECK(plan.kept == 0);
}

TEST_CASE("an object that was approved and rejected stays") {
    const auto plan = sync::plan_removal({"a"}, {.approved = {"a"}, .rejected = {"a"}, .waiting = false});
    CHECK(plan.approved.empty());
    CHECK(plan.kept == 1);
}
