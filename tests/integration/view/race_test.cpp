#include <doctest/doctest.h>

#include <thread>

#include "people.hpp"
#include "tests/support/full_check.hpp"

using namespace tributary;
using namespace tributary::tests;

namespace {

/// Runs both at once, each on a database connection of its own.
template <class Left, class Right>
void at_once(Left left, Right right) {
    std::thread beside(right);
    left();
    beside.join();
}

}  // namespace

TEST_CASE("two connections that commit the same new person at once never split or half-merge him") {
    ViewFixture one;
    ViewFixture other;
    other.tenant = one.tenant;
    const int rounds = full_or(1'000, 100);
    for (int round = 0; round < rounds; ++round) {
        const std::string number = std::to_string(round);
        const Person left{"l" + number, "Ann", "Lee", "ann" + number + "@example.com", "1980-02-03"};
        const Person right{"r" + number, "ANN", " lee", "Ann" + number + "@Example.com", ""};
        domain::Result<view::PageCounts> left_done = domain::fail(domain::Errc::internal, "");
        domain::Result<view::PageCounts> right_done = domain::fail(domain::Errc::internal, "");
        at_once([&] { left_done = one.commit("c1", "users", {profile(left)}); },
                [&] { right_done = other.commit("c2", "users", {profile(right)}); });
        REQUIRE(left_done.has_value());
        REQUIRE(right_done.has_value());
    }
    CHECK(one.count("memberships WHERE tenant_id = $T") == std::to_string(2 * rounds));
    CHECK(one.value("SELECT count(DISTINCT customer_id) FROM memberships WHERE tenant_id = $T") ==
          std::to_string(rounds));
    CHECK(one.count("links WHERE tenant_id = $T AND state = 'linked'") == std::to_string(rounds));
    CHECK(one.count("documents WHERE tenant_id = $T AND kind = 'customer' AND deleted_at IS NULL") ==
          std::to_string(rounds));
    CHECK(one.count("documents WHERE tenant_id = $T AND kind = 'customer' AND deleted_at IS NULL AND "
                    "json_array_length(body::json->'profiles') = 2") == std::to_string(rounds));
    CHECK(one.count("customers WHERE tenant_id = $T AND redirect_to IS NOT NULL") == std::to_string(rounds));
}

TEST_CASE("a group and its users who are committed at once always know each other") {
    ViewFixture one;
    ViewFixture other;
    other.tenant = one.tenant;
    for (int round = 0; round < 200; ++round) {
        const std::string number = std::to_string(round);
        const Person person{"u" + number, "Ann" + number, "Lee", "ann" + number + "@example.com",
                            "1980-02-03"};
        domain::Result<view::PageCounts> left_done = domain::fail(domain::Errc::internal, "");
        domain::Result<view::PageCounts> right_done = domain::fail(domain::Errc::internal, "");
        at_once([&] { left_done = one.commit("c1", "users", {profile(person)}); },
                [&] {
                    right_done =
                        other.commit("c1", "account_groups", {account_group("g" + number, {person.id})});
                });
        REQUIRE(left_done.has_value());
        REQUIRE(right_done.has_value());
    }
    CHECK(one.count("documents WHERE tenant_id = $T AND kind = 'account_group' AND "
                    "body::json->'users'->0->>'customer_id' IS NOT NULL") == "200");
    CHECK(one.count("documents WHERE tenant_id = $T AND kind = 'customer' AND "
                    "json_array_length(body::json->'access') = 1") == "200");
}

TEST_CASE("one account written by two connections at once carries what both said") {
    ViewFixture one;
    ViewFixture other;
    other.tenant = one.tenant;
    for (int round = 0; round < 200; ++round) {
        const std::string number = std::to_string(round);
        domain::Result<view::PageCounts> left_done = domain::fail(domain::Errc::internal, "");
        domain::Result<view::PageCounts> right_done = domain::fail(domain::Errc::internal, "");
        at_once([&] { left_done = one.commit("c1", "accounts", {account("a" + number, {"u1"}, "g")}); },
                [&] { right_done = other.commit("c2", "accounts", {account("a" + number, {"u2"}, "g")}); });
        REQUIRE(left_done.has_value());
        REQUIRE(right_done.has_value());
    }
    CHECK(one.count("documents WHERE tenant_id = $T AND kind = 'account' AND "
                    "json_array_length(body::json->'access') = 2") == "200");
}

TEST_CASE("commits are numbered without a gap however many write at once") {
    ViewFixture one(4);
    ViewFixture other(4);
    other.tenant = one.tenant;
    const auto write_some = [](ViewFixture& view, const std::string& name) {
        for (int i = 0; i < 100; ++i) {
            REQUIRE(view.commit(name, "accounts", {account(name + std::to_string(i), {"u" + name})}));
        }
    };
    at_once([&] { write_some(one, "c1"); }, [&] { write_some(other, "c2"); });
    CHECK(one.value("SELECT max(commit_no) - min(commit_no) + 1 - count(DISTINCT commit_no) FROM changes "
                    "WHERE tenant_id = $T") == "0");
    CHECK(one.value("SELECT count(*) FROM (SELECT at, lag(at) OVER (ORDER BY commit_no) AS before FROM "
                    "commits WHERE tenant_id = $T) c WHERE at < before") == "0");
}
