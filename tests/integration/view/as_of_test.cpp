// Whatever happens, each moment of the past stays readable as it was seen when it was the present.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>

#include "deciding.hpp"
#include "tests/support/full_check.hpp"

using namespace tributary;
using namespace tributary::tests;
using domain::EntityKind;
using domain::LinkVerb;
using domain::Uuid;
using domain::ports::ReadAt;

namespace {

constexpr int people = 4;
constexpr int steps = 14;
constexpr std::array kinds{EntityKind::customer, EntityKind::account, EntityKind::account_group,
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

}  // namespace

TEST_CASE("every commit of random histories of people, links and removals reads later as it did then") {
    std::mt19937 random(20261123);
    const int histories = full_or(1'000, 8);
    int moments = 0;
    int merged = 0;
    for (int i = 0; i < histories; ++i) {
        CAPTURE(i);
        // A tenant of its own, so that lists hold these people alone.
        DecidingFixture view;
        History history{view, random, "h" + std::to_string(i), {}};
        std::map<std::int64_t, std::vector<std::string>> then;
        for (int step = 0; step < steps; ++step) {
            history.step();
            const auto now = good(view.store.reads().moment({view.tenant}));
            then[now.number] = history.seen({view.tenant});
        }
        for (const auto& [commit, seen] : then) {
            CAPTURE(commit);
            const auto read = history.seen({view.tenant, commit});
            const auto differing = std::ranges::mismatch(read, seen);
            CAPTURE(differing.in1 - read.begin());
            CAPTURE(differing.in1 == read.end() ? "nothing" : *differing.in1);
            CAPTURE(differing.in2 == seen.end() ? "nothing" : *differing.in2);
            CHECK(read == seen);
            ++moments;
            merged += static_cast<int>(
                std::ranges::any_of(seen, [](const std::string& text) { return text.starts_with("to "); }));
        }
    }
    // Without any the check would prove nothing of former ids.
    CHECK(merged > 0);
    MESSAGE("histories: ", histories, ", moments: ", moments, ", with merged customers: ", merged);
}
