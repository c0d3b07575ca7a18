#include "domain/retry_budget.hpp"

#include <doctest/doctest.h>

#include <random>

using tributary::domain::RetryBudget;

TEST_CASE("a new host may be asked again ten times, then only as often as first attempts earn it") {
    RetryBudget budget;
    for (int i = 0; i < RetryBudget::most_saved; ++i) {
        CHECK(budget.spend());
    }
    CHECK_FALSE(budget.spend());
    for (int i = 0; i < 9; ++i) {
        budget.earn();
        CHECK_FALSE(budget.spend());
    }
    budget.earn();
    CHECK(budget.spend());
    CHECK_FALSE(budget.spend());
}

TEST_CASE("where every request fails, retries stay a tenth of the first attempts") {
    RetryBudget budget;
    std::mt19937 random(11);
    int attempts = 0;
    int retries = 0;
    for (int i = 0; i < 1'000'000; ++i) {
        budget.earn();
        ++attempts;
        for (auto wanted = random() % 4; wanted > 0 && budget.spend(); --wanted) {
            ++retries;
        }
        REQUIRE(retries <= attempts / RetryBudget::attempts_a_retry + RetryBudget::most_saved);
    }
    CHECK(retries > 90'000);
}
