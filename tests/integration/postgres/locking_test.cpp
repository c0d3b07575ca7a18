#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "tests/support/store_fixture.hpp"

using namespace tributary;
using namespace tests;
using namespace domain::ports;
using domain::EntityKind;

namespace {

constexpr int rounds = 60;

const std::string& order_of(const EntityAnchor& entity) {
    return entity.provider_id;
}

IdentifierKey order_of(const IdentifierKey& key) {
    return key;
}

domain::Uuid order_of(const domain::Uuid& id) {
    return id;
}

/// Runs `job` on two threads at once, many times, the second with its input in the opposite order. Returns
/// how often a job had to run again; a deadlock would show there (and take a second each).
template <class Input, class Lock>
int collisions(const std::vector<Input>& all, Lock lock) {
    StoreFixture fixture(2);
    std::atomic<int> attempts{0};
    std::vector<std::thread> threads;
    for (const bool reversed : {false, true}) {
        threads.emplace_back([&, reversed] {
            std::minstd_rand random(reversed ? 1 : 2);
            for (int round = 0; round < rounds; ++round) {
                std::vector<Input> some = all;
                std::ranges::shuffle(some, random);
                some.resize(all.size() * 2 / 3);
                std::ranges::sort(some, [&](const Input& left, const Input& right) {
                    return reversed ? order_of(right) < order_of(left) : order_of(left) < order_of(right);
                });
                fixture.must([&](PageTransaction& page) {
                    ++attempts;
                    lock(page, some);
                });
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    return attempts - 2 * rounds;
}

std::string digits(int number) {
    std::string text = std::to_string(number);
    return std::string(64 - text.size(), '0') + text;
}

}  // namespace

TEST_CASE("transactions that lock overlapping entities in opposite orders never deadlock") {
    std::vector<EntityAnchor> entities;
    for (int i = 0; i < 30; ++i) {
        entities.push_back(anchor(EntityKind::account, "entity-" + std::to_string(i)));
    }
    CHECK(collisions(entities, [](PageTransaction& page, const std::vector<EntityAnchor>& some) {
              good(page.lock_entities(some));
          }) == 0);
}

TEST_CASE("transactions that lock overlapping identifiers in opposite orders never deadlock") {
    std::vector<IdentifierKey> keys;
    for (int i = 0; i < 30; ++i) {
        keys.push_back({i % 2 == 0 ? IdentifierKind::email : IdentifierKind::phone, digits(i)});
    }
    CHECK(collisions(keys, [](PageTransaction& page, const std::vector<IdentifierKey>& some) {
              good(page.lock_identifiers(some));
          }) == 0);
}

TEST_CASE("transactions that lock overlapping customers in opposite orders never deadlock") {
    std::vector<domain::Uuid> customers;
    for (int i = 0; i < 30; ++i) {
        customers.push_back(id_of("customer-" + std::to_string(i)));
    }
    CHECK(collisions(customers, [](PageTransaction& page, const std::vector<domain::Uuid>& some) {
              good(page.lock_customers(some));
          }) == 0);
}

TEST_CASE("two pages that bring one identifier at once: the later one sees the earlier one's profile") {
    StoreFixture fixture(2);
    for (int round = 0; round < 100; ++round) {
        const IdentifierKey key{IdentifierKind::email, digits(round)};
        std::atomic<int> saw_other{0};
        std::vector<std::thread> threads;
        for (const char* profile : {"ada", "bob"}) {
            threads.emplace_back([&, profile] {
                fixture.must([&](PageTransaction& page) {
                    good(page.lock_identifiers(std::vector{key}));
                    saw_other += static_cast<int>(good(page.identifier_members(std::vector{key})).size());
                    good(page.add_identifiers(std::vector<IdentifierMember>{{key, id_of(profile)}}));
                });
            });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        REQUIRE(saw_other == 1);
    }
}

TEST_CASE("whoever waited for a customer or an entity is given it as it was left") {
    StoreFixture fixture(3);
    const EntityAnchor account = anchor(EntityKind::account, "account");
    const std::vector<domain::Uuid> accounts{account.id};
    const std::vector<domain::Uuid> customers{id_of("customer")};
    fixture.must([&](PageTransaction& page) {
        good(page.lock_customers(customers));
        good(page.lock_entities(std::vector{account}));
    });
    std::vector<CustomerState> customer;
    std::vector<EntityState> entity;
    std::vector<std::thread> later;
    fixture.must([&](PageTransaction& page) {
        const auto locked = good(page.lock_customers(customers));
        good(page.lock_existing_entities(accounts));
        later.emplace_back([&] {
            fixture.must([&](PageTransaction& other) { customer = good(other.lock_customers(customers)); });
        });
        later.emplace_back([&] {
            fixture.must(
                [&](PageTransaction& other) { entity = good(other.lock_existing_entities(accounts)); });
        });
        while (fixture.value("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
                             "wait_event_type = 'Lock'") != "2") {
            std::this_thread::yield();
        }
        good(page.write_redirects(
            std::vector<CustomerState>{{customers.at(0), locked.at(0).founded_at, id_of("target")}}));
        good(page.write_entities(std::vector<EntityWrite>{{account.id, "{}", id_of("parent")}}));
    });
    for (std::thread& thread : later) {
        thread.join();
    }
    CHECK(customer.at(0).redirect_to == id_of("target"));
    CHECK(entity.at(0).normalized == "{}");
    CHECK(entity.at(0).parent == id_of("parent"));
}

TEST_CASE("a deadlock that a job brings about itself is resolved by running it again") {
    StoreFixture fixture(2);
    const std::vector<EntityAnchor> first = {anchor(EntityKind::account, "first")};
    const std::vector<EntityAnchor> second = {anchor(EntityKind::account, "second")};
    fixture.must([&](PageTransaction& page) {
        good(page.lock_entities(first));
        good(page.lock_entities(second));
    });
    std::atomic<int> holding{0};
    std::atomic<int> attempts{0};
    const auto crosswise = [&](const std::vector<EntityAnchor>& mine,
                               const std::vector<EntityAnchor>& yours) {
        fixture.must([&](PageTransaction& page) {
            ++attempts;
            good(page.lock_entities(mine));
            ++holding;
            while (holding < 2) {
                std::this_thread::yield();
            }
            const auto locked = page.lock_entities(yours);
            CHECK((locked || locked.error().code == domain::Errc::conflict));
        });
    };
    std::thread one([&] { crosswise(first, second); });
    std::thread other([&] { crosswise(second, first); });
    one.join();
    other.join();
    CHECK(attempts == 3);
}
