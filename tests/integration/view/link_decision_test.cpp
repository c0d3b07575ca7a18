// What operators decide about two profiles.
#include <doctest/doctest.h>

#include <algorithm>

#include "deciding.hpp"
#include "domain/json/write.hpp"

using namespace tributary;
using namespace tributary::tests;
using domain::Errc;
using domain::LinkVerb;
using domain::ports::LinkState;

namespace {

const Person ann{"u1", "Ann", "Lee", "ann@example.com", "1980-02-03"};
const Person ann_again{"u2", "Ann", "Lee", "ann@example.com", "1980-02-03"};
const Person namesake{"u3", "Ann", "Lee", "other@example.com", "1980-02-03"};
const Person stranger{"u4", "Bob", "Ray", "bob@example.com", "1950-05-05"};

std::size_t profiles_of(const json::Value& customer) {
    const json::Value* list = customer.find("profiles");
    return list == nullptr ? 0 : list->if_array()->size();
}

}  // namespace

TEST_CASE("an accepted suggestion joins two profiles, and unlinking them gives both their customer back") {
    DecidingFixture view;
    REQUIRE(view.commit("c1", "users", {profile(ann)}));
    REQUIRE(view.commit("c2", "users", {profile(namesake)}));
    REQUIRE(view.commit("c2", "accounts", {account("a3", {"u3"})}));
    const json::Value before = view.content(view.customer("u3"));
    const auto accepted = view.decide("u1", "u3", LinkVerb::link);
    REQUIRE(accepted);
    CHECK(accepted->joined);
    CHECK(accepted->link.state == LinkState::linked);
    CHECK(accepted->link.by_operator);
    CHECK(accepted->link.decided_by == "operator of the test");
    CHECK(accepted->link.decided_at.has_value());
    REQUIRE(accepted->customers.size() == 1);
    CHECK(accepted->customers.begin()->second.size() == 2);
    CHECK(profiles_of(view.document(view.customer("u1"))) == 2);
    CHECK(view.redirect("u3") == to_text(view.customer("u1")));
    CHECK(view.owner_of("a3") == to_text(view.customer("u1")));
    CHECK(view.value("SELECT cause FROM commits WHERE tenant_id = $T ORDER BY commit_no DESC LIMIT 1") ==
          "operator");

    const auto parted = view.decide("u1", "u3", LinkVerb::reject);
    REQUIRE(parted);
    CHECK_FALSE(parted->joined);
    CHECK(parted->customers.size() == 2);
    CHECK(view.redirect("u3").empty());
    CHECK(view.owner_of("a3") == to_text(view.customer("u3")));
    CHECK(json::write(view.content(view.customer("u3"))) == json::write(before));
}

TEST_CASE("deciding what holds already commits nothing") {
    DecidingFixture view;
    REQUIRE(view.commit("c1", "users", {profile(ann), profile(stranger)}));
    REQUIRE(view.decide("u1", "u4", LinkVerb::link));
    const std::string head = view.value("SELECT commit_no FROM feed_head WHERE tenant_id = $T");
    const std::string at = view.value("SELECT decided_at FROM links WHERE tenant_id = $T");
    const auto again = view.decide("u4", "u1", LinkVerb::link);
    REQUIRE(again);
    CHECK(again->joined);
    CHECK(view.value("SELECT commit_no FROM feed_head WHERE tenant_id = $T") == head);
    CHECK(view.value("SELECT decided_at FROM links WHERE tenant_id = $T") == at);
}

TEST_CASE("an operator may link whom the data contradict, is told so, and the link outlives changes") {
    DecidingFixture view;
    REQUIRE(view.commit("c1", "users", {profile(ann), profile(stranger)}));
    const auto linked = view.decide("u1", "u4", LinkVerb::link);
    REQUIRE(linked);
    REQUIRE(linked->contradictions.size() == 1);
    CHECK(linked->contradictions.front().differs == std::vector<std::string>{"birth_date"});
    Person renamed = stranger;
    renamed.first = "Robert";
    REQUIRE(view.commit("c1", "users", {profile(renamed)}));
    CHECK(profiles_of(view.customer_now("u1")) == 2);
}

TEST_CASE("a profile does not leave whom a rule linked it to because an operator linked a stranger to both") {
    DecidingFixture view;
    REQUIRE(view.commit("c1", "users", {profile(ann)}));
    REQUIRE(view.commit("c2", "users", {profile(ann_again)}));
    REQUIRE(view.commit("c1", "users", {profile(stranger)}));
    REQUIRE(view.decide("u1", "u4", LinkVerb::link));
    Person moved = ann_again;
    moved.email = "new@example.com";
    REQUIRE(view.commit("c2", "users", {profile(moved)}));
    CHECK(profiles_of(view.customer_now("u1")) == 3);
}

TEST_CASE("a rejected pair that a rule had linked is cut, and no change links it again") {
    DecidingFixture view;
    REQUIRE(view.commit("c1", "users", {profile(ann)}));
    REQUIRE(view.commit("c2", "users", {profile(ann_again)}));
    REQUIRE(view.decide("u1", "u2", LinkVerb::reject));
    CHECK(profiles_of(view.document(view.customer("u1"))) == 1);
    CHECK(view.redirect("u2").empty());
    Person changed = ann_again;
    changed.birth_date = "";
    REQUIRE(view.commit("c2", "users", {profile(changed)}));
    CHECK(profiles_of(view.document(view.customer("u1"))) == 1);
    CHECK(view.value("SELECT state FROM links WHERE tenant_id = $T") == "rejected");
}

TEST_CASE("a rejected pair that is opened again is decided by the rules at once") {
    DecidingFixture view;
    REQUIRE(view.commit("c1", "users", {profile(ann)}));
    REQUIRE(view.commit("c2", "users", {profile(ann_again), profile(namesake), profile(stranger)}));
    REQUIRE(view.decide("u1", "u2", LinkVerb::reject));
    const auto linked = view.decide("u1", "u2", LinkVerb::reopen);
    REQUIRE(linked);
    CHECK(linked->joined);
    CHECK(linked->link.state == LinkState::linked);
    CHECK(linked->link.rule == "contact_and_name");
    CHECK_FALSE(linked->link.by_operator);
    CHECK_FALSE(linked->link.decided_by.has_value());

    REQUIRE(view.decide("u1", "u3", LinkVerb::reject));
    const auto suggested = view.decide("u1", "u3", LinkVerb::reopen);
    REQUIRE(suggested);
    CHECK(suggested->link.state == LinkState::suggested);

    REQUIRE(view.decide("u1", "u4", LinkVerb::link));
    const auto apart = view.decide("u1", "u4", LinkVerb::reopen);
    REQUIRE(apart);
    CHECK(apart->link.state == LinkState::undecided);
    CHECK_FALSE(apart->joined);
    CHECK(view.redirect("u4").empty());
}

TEST_CASE("opening again a pair that shares an identifier of nobody's own does not link it") {
    DecidingFixture view;
    std::vector<domain::Observation> office;
    for (int seat = 0; seat < 66; ++seat) {
        const std::string number = std::to_string(seat);
        office.push_back(profile({"s" + number, "Ann", "Lee", "office@example.com", ""}));
    }
    REQUIRE(view.commit_all(std::move(office)));
    REQUIRE(view.commit("c2", "users", {profile({"late1", "Sue", "Fox", "office@example.com", ""})}));
    REQUIRE(view.commit("c2", "users", {profile({"late2", "Sue", "Fox", "office@example.com", ""})}));
    REQUIRE(view.redirect("late2").empty());
    REQUIRE(view.decide("late1", "late2", LinkVerb::reject));
    const auto reopened = view.decide("late1", "late2", LinkVerb::reopen);
    REQUIRE(reopened);
    CHECK(reopened->link.state == LinkState::undecided);
    CHECK_FALSE(reopened->joined);
}

TEST_CASE("a pair that others hold together stays joined when it is unlinked, and the links are named") {
    DecidingFixture view;
    REQUIRE(view.commit("c1", "users", {profile(ann), profile(stranger), profile(namesake)}));
    REQUIRE(view.decide("u1", "u3", LinkVerb::link));
    REQUIRE(view.decide("u3", "u4", LinkVerb::link));
    REQUIRE(view.decide("u1", "u4", LinkVerb::link));
    const auto parted = view.decide("u1", "u4", LinkVerb::reject);
    REQUIRE(parted);
    CHECK(parted->joined);
    REQUIRE(parted->chain.size() == 2);
    const auto names = [&](const domain::ports::Link& link, const std::string& one,
                           const std::string& other) {
        const auto pair = std::minmax({view.profile_id(one), view.profile_id(other)});
        return link.low == pair.first && link.high == pair.second;
    };
    const bool from_low = view.profile_id("u1") < view.profile_id("u4");
    CHECK(names(parted->chain.at(from_low ? 0 : 1), "u1", "u3"));
    CHECK(names(parted->chain.at(from_low ? 1 : 0), "u3", "u4"));
    CHECK(profiles_of(view.customer_now("u1")) == 3);
}

TEST_CASE("a link that would bring a rejected pair together is refused by the link to open again") {
    DecidingFixture view;
    REQUIRE(view.commit("c1", "users", {profile(ann), profile(stranger), profile(namesake)}));
    REQUIRE(view.decide("u1", "u4", LinkVerb::reject));
    REQUIRE(view.decide("u1", "u3", LinkVerb::link));
    const auto refused = view.decide("u3", "u4", LinkVerb::link);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::conflict);
    CHECK(refused.error().detail.find(to_text(view.link_id("u1", "u4"))) != std::string::npos);
    const auto itself = view.decide("u1", "u4", LinkVerb::link);
    REQUIRE_FALSE(itself);
    CHECK(itself.error().code == Errc::conflict);
    REQUIRE(view.decide("u1", "u4", LinkVerb::reopen));
    CHECK(view.decide("u3", "u4", LinkVerb::link));
}

TEST_CASE(
    "nothing new is decided of profiles that are not there, and the link of one that left can be opened") {
    DecidingFixture view;
    REQUIRE(view.commit("c1", "users", {profile(ann), profile(stranger)}));
    const auto unknown = view.decide("u1", "nobody", LinkVerb::link);
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == Errc::not_found);
    REQUIRE(view.decide("u1", "u4", LinkVerb::reject));
    REQUIRE(view.remove("c1", "users", {"u4"}));
    const auto removed = view.decide("u1", "u4", LinkVerb::link);
    REQUIRE_FALSE(removed);
    CHECK(removed.error().code == Errc::not_found);
    const auto reopened = view.decide("u1", "u4", LinkVerb::reopen);
    REQUIRE(reopened);
    CHECK(reopened->link.state == LinkState::undecided);
}

TEST_CASE("a link is stored by its id, and found by it") {
    DecidingFixture view;
    REQUIRE(view.commit("c1", "users", {profile(ann), profile(stranger)}));
    REQUIRE(view.decide("u1", "u4", LinkVerb::link));
    CHECK(view.value("SELECT link_id FROM links WHERE tenant_id = $T") == to_text(view.link_id("u1", "u4")));
    const auto by_id = view.decide(view.link_id("u1", "u4"), LinkVerb::reject);
    REQUIRE(by_id);
    CHECK(by_id->id == view.link_id("u1", "u4"));
    const auto unknown = view.decide(view.profile_id("u1"), LinkVerb::reject);
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == Errc::not_found);
}
