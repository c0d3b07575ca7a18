// Random histories of people, accounts and links, and all that a reader can see of them.
#pragma once

#include <doctest/doctest.h>

#include <array>
#include <random>

#include "deciding.hpp"

namespace tributary::tests {

using domain::EntityKind;
using domain::LinkVerb;
using domain::Uuid;
using domain::ports::ReadAt;

inline constexpr int people = 4;
inline constexpr std::array kinds{EntityKind::customer, EntityKind::account, EntityKind::account_group,
                                  EntityKind::identity_link};

/// People who come, change, go and come back, and what operators and accounts make of them.
struct History {
    DecidingFixture& view;
    std::mt19937& random;
    std::string name;
    std::array<bool, people> present{};

    [[nodiscard]] int pick(int below) const { return std::uniform_int_distribution(0, below - 1)(random); }

    [[nodiscard]] std::string user(int i) const { return name + "u" + std::to_string(i); }

    void describe(int i) {
        static constexpr std::array firsts{"Ann", "Bob"};
        const std::string mailbox = pick(2) == 0 ? "shared" : user(i);
        REQUIRE(view.commit("c1", "users",
                            {profile({user(i), firsts.at(static_cast<std::size_t>(pick(2))), "Lee",
                                      mailbox + name + "@example.com", pick(3) == 0 ? "" : "1980-02-03"})}));
        present.at(static_cast<std::size_t>(i)) = true;
    }

    void step() {
        const int i = pick(people);
        const int other = (i + 1 + pick(people - 1)) % people;
        const auto there = [this](int which) { return present.at(static_cast<std::size_t>(which)); };
        switch (pick(6)) {
            case 0:
                if (there(i)) {
                    REQUIRE(view.remove("c1", "users", {user(i)}));
                    present.at(static_cast<std::size_t>(i)) = false;
                }
                return;
            case 1:
                REQUIRE(view.commit("c1", "account_groups", {account_group(name + "g", {user(i)})}));
                return;
            case 2:
                REQUIRE(view.commit("c1", "accounts",
                                    {account(name + "a" + std::to_string(pick(2)), {user(i), user(other)},
                                             pick(2) == 0 ? name + "g" : "")}));
                return;
            case 3:
                if (there(i) && there(other)) {
                    static constexpr std::array verbs{LinkVerb::link, LinkVerb::reject, LinkVerb::reopen};
                    const auto decided =
                        view.decide(user(i), user(other), verbs.at(static_cast<std::size_t>(pick(3))));
                    // What may not be decided changes nothing.
                    REQUIRE((decided || decided.error().code == domain::Errc::conflict ||
                             decided.error().code == domain::Errc::not_found));
                }
                return;
            default:
                describe(i);
        }
    }

    /// All that a reader can see of these people at this moment.
    [[nodiscard]] std::vector<std::string> seen(const ReadAt& at) const {
        std::vector<std::string> all;
        for (int i = 0; i < people; ++i) {
            const Uuid id = view.customer(user(i));
            const auto read = good(view.store.reads().document(at, {EntityKind::customer, id}));
            all.push_back(read.redirect_to ? "to " + to_text(*read.redirect_to)
                                           : (read.document ? read.document->body : "none"));
            if (read.document || read.redirect_to) {
                const auto named = good(view.store.reads().customer_named(at, id));
                all.push_back(named ? to_text(*named) : "nobody");
            }
            const auto overview = good(view.store.reads().overview(at, id));
            for (const auto* part : {&overview.accounts, &overview.sub_accounts, &overview.account_groups}) {
                for (const auto& document : *part) {
                    all.push_back(document.body);
                }
            }
            for (const char* account : {"a0", "a1"}) {
                const auto found =
                    good(view.store.reads().targets_named(at, {id, EntityKind::account, name + account}));
                all.push_back(std::to_string(found.size()));
            }
        }
        for (const EntityKind kind : kinds) {
            domain::ports::ListQuery query = list_of(kind, 500);
            query.include_removed = true;
            for (const auto& document : good(view.store.reads().list(at, query)).documents) {
                all.push_back(document.body);
            }
        }
        return all;
    }
};

}  // namespace tributary::tests
