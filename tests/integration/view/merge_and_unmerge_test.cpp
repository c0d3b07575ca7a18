// Whatever operators decide, in whatever order: taking everything apart restores what was there before.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>
#include <set>

#include "deciding.hpp"
#include "domain/document.hpp"
#include "domain/json/parse.hpp"
#include "tests/support/full_check.hpp"

using namespace tributary;
using namespace tributary::tests;
using domain::EntityKind;
using domain::Errc;
using domain::LinkVerb;
using domain::Uuid;

namespace {

/// Of a few people with several profiles each, namesakes and strangers: what the rules link, suggest and
/// leave.
std::vector<Person> some_people(std::mt19937& random, const std::string& name) {
    static constexpr std::array firsts{"Ann", "Bob", "Cid"};
    static constexpr std::array lasts{"Lee", "Ray"};
    static constexpr std::array days{"1980-02-03", "1950-05-05", ""};
    const auto pick = [&random](const auto& from) {
        return std::string(from.at(std::uniform_int_distribution<std::size_t>(0, from.size() - 1)(random)));
    };
    std::vector<Person> people;
    const int count = std::uniform_int_distribution(2, 6)(random);
    for (int i = 0; i < count; ++i) {
        const std::string first = pick(firsts);
        const std::string mailbox = std::uniform_int_distribution(0, 1)(random) == 0 ? "shared" : first;
        people.push_back({name + "u" + std::to_string(i), first, pick(lasts), mailbox + name + "@example.com",
                          pick(days)});
    }
    return people;
}

/// What a member of each element of a list in a document says.
std::set<std::string> ids_in(const std::string& document, std::string_view list, std::string_view member) {
    std::set<std::string> ids;
    const auto parsed = json::parse(document);
    REQUIRE(parsed.has_value());
    for (const json::Value& entry : *parsed->root.find(list)->if_array()) {
        ids.insert(*entry.find(member)->if_string());
    }
    return ids;
}

class Seen {
  public:
    explicit Seen(const std::string& text) {
        auto parsed = json::parse(text);
        REQUIRE(parsed.has_value());
        tree_ = std::move(parsed->root);
    }

    /// Empty where there is none.
    [[nodiscard]] std::string text(std::string_view map, const Uuid& id) const {
        const json::Value* of_all = tree_.find(map);
        const json::Value* found = of_all == nullptr ? nullptr : of_all->find(to_text(id));
        return found == nullptr || found->is_null() ? std::string() : *found->if_string();
    }

    /// Without its stamp; empty where there is none, or it was removed.
    [[nodiscard]] std::string document(const Uuid& id) const {
        const std::string body = text("documents", id);
        return body.empty() ? body : domain::content_of(body);
    }

  private:
    json::Value tree_;
};

struct Sequence {
    DecidingFixture& view;
    std::vector<Person> people;
    std::mt19937& random;
    /// The account of each profile.
    std::map<std::string, std::string> accounts;

    /// Every pair is apart, whatever was decided: one customer a profile.
    void unlink_everything() {
        for (std::size_t i = 0; i < people.size(); ++i) {
            for (std::size_t j = i + 1; j < people.size(); ++j) {
                REQUIRE(view.decide(people.at(i).id, people.at(j).id, LinkVerb::reject));
            }
        }
    }

    void open_everything() {
        for (std::size_t i = 0; i < people.size(); ++i) {
            for (std::size_t j = i + 1; j < people.size(); ++j) {
                REQUIRE(view.decide(people.at(i).id, people.at(j).id, LinkVerb::reopen));
            }
        }
    }

    void decide_something() {
        const auto any = [this] {
            return people.at(std::uniform_int_distribution<std::size_t>(0, people.size() - 1)(random)).id;
        };
        const std::string one = any();
        const std::string other = any();
        if (one == other) {
            return;
        }
        // Links more often than the rest, so that much is joined.
        const int drawn = std::uniform_int_distribution(0, 5)(random);
        const LinkVerb verb = drawn < 3 ? LinkVerb::link : drawn < 5 ? LinkVerb::reject : LinkVerb::reopen;
        const auto decided = view.decide(one, other, verb);
        if (!decided) {
            REQUIRE(decided.error().code == Errc::conflict);
            REQUIRE(verb == LinkVerb::link);
        }
    }

    /// All that is stored about who is whom, as one answer.
    [[nodiscard]] Seen look() const {
        return Seen(view.value(R"(
            SELECT json_build_object(
                'customer_of', (SELECT json_object_agg(profile_id, customer_id) FROM memberships WHERE tenant_id = $T),
                'redirects', (SELECT json_object_agg(customer_id, redirect_to) FROM customers WHERE tenant_id = $T),
                'documents', (SELECT json_object_agg(document_id, body) FROM documents
                              WHERE tenant_id = $T AND deleted_at IS NULL)))"));
    }

    /// Documents of every singleton by profile, without their stamp.
    [[nodiscard]] std::map<std::string, std::string> singletons() const {
        const Seen seen = look();
        std::map<std::string, std::string> all;
        for (const Person& person : people) {
            all[person.id] = seen.document(view.customer(person.id));
        }
        return all;
    }

    /// Each profile stands in a customer that is the singleton of one of its members; the others lead there;
    /// accounts and the customer's document say the same.
    void check_that_all_agree() const {
        const Seen seen = look();
        std::map<std::string, std::set<std::string>> members;
        for (const Person& person : people) {
            const std::string now = seen.text("customer_of", view.profile_id(person.id));
            const std::string own = to_text(view.customer(person.id));
            members[now].insert(to_text(view.profile_id(person.id)));
            CHECK(seen.text("redirects", view.customer(person.id)) == (own == now ? "" : now));
            CHECK(seen.document(view.customer(person.id)).empty() == (own != now));
            const Uuid account_id = view.id(EntityKind::account, accounts.at(person.id));
            const auto owners = ids_in(seen.document(account_id), "access", "customer_id");
            CHECK(owners == std::set{now});
        }
        for (const auto& [customer, profiles] : members) {
            CHECK(std::ranges::any_of(people, [&, id = customer](const Person& person) {
                return to_text(view.customer(person.id)) == id;
            }));
            const std::string document = seen.document(*domain::parse_uuid(customer));
            CHECK(ids_in(document, "profiles", "id") == profiles);
            CHECK(ids_in(document, "access", "via") == profiles);
        }
    }

    [[nodiscard]] std::string ids() const {
        return view.value(
            "SELECT string_agg(customer_id::text, ',' ORDER BY customer_id) FROM customers "
            "WHERE tenant_id = $T");
    }
};

}  // namespace

TEST_CASE("however profiles were merged and unmerged, unlinking everything restores every singleton") {
    const int sequences = full_or(1'000, 4);
    std::mt19937 random(20261123);
    std::size_t joined = 0;
    for (int round = 0; round < sequences; ++round) {
        CAPTURE(round);
        DecidingFixture view;
        Sequence sequence{view, some_people(random, "r"), random, {}};
        for (const Person& person : sequence.people) {
            REQUIRE(view.commit("c1", "users", {profile(person)}));
            const std::string number = "a" + person.id;
            REQUIRE(view.commit("c1", "accounts", {account(number, {person.id})}));
            sequence.accounts[person.id] = number;
        }
        sequence.unlink_everything();
        const auto before = sequence.singletons();
        sequence.open_everything();
        const std::string ids = sequence.ids();

        const int decisions = std::uniform_int_distribution(3, 12)(random);
        for (int i = 0; i < decisions; ++i) {
            sequence.decide_something();
            sequence.check_that_all_agree();
        }
        joined += view.count("customers WHERE tenant_id = $T AND redirect_to IS NOT NULL") == "0" ? 0 : 1;

        sequence.unlink_everything();
        CHECK(sequence.singletons() == before);
        CHECK(sequence.ids() == ids);
        CHECK(view.count("customers WHERE tenant_id = $T AND redirect_to IS NOT NULL") == "0");
        sequence.check_that_all_agree();
    }
    // Most sequences end with somebody joined, or they show nothing.
    CHECK(joined * 2 > static_cast<std::size_t>(sequences));
    MESSAGE("sequences: ", sequences, ", with somebody joined before the end: ", joined);
}
