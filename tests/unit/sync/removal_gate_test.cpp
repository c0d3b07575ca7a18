#include "services/sync/removal_gate.hpp"

#include <doctest/doctest.h>

using tributary::sync::removal_allowed;
using tributary::sync::RemovalLimits;

TEST_CASE("a run may remove a fifth of a stream and not one object more") {
    const RemovalLimits limits;
    CHECK(removal_allowed(limits, 20, 100));
    CHECK_FALSE(removal_allowed(limits, 21, 100));
    CHECK(removal_allowed(limits, 20'000, 100'000));
    CHECK_FALSE(removal_allowed(limits, 20'001, 100'000));
}

TEST_CASE("a share of an object is not an object") {
    CHECK(removal_allowed(RemovalLimits{}, 5, 29));
    CHECK_FALSE(removal_allowed(RemovalLimits{}, 6, 29));
    CHECK(removal_allowed(RemovalLimits{}, 6, 30));
}

TEST_CASE("a few objects may always go, so that a small stream can shrink") {
    CHECK(removal_allowed(RemovalLimits{}, 5, 5));
    CHECK(removal_allowed(RemovalLimits{}, 1, 1));
    CHECK_FALSE(removal_allowed(RemovalLimits{}, 6, 6));
}

TEST_CASE("limits of nothing hold every removal, limits of everything none") {
    CHECK_FALSE(removal_allowed({0.0, 0}, 1, 1'000'000));
    CHECK(removal_allowed({0.0, 0}, 0, 0));
    CHECK(removal_allowed({1.0, 0}, 1'000, 1'000));
}
