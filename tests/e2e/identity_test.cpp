// Who is whom: nobody sees another person's accounts, and nobody is split in two.

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "domain/ids.hpp"
#include "tests/e2e/oracle/ground_truth.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

struct Identities {
    /// Profiles of each person, and the person of each profile.
    std::map<std::string, std::set<std::string>> profiles_of;
    std::map<std::string, std::string> person_of;
};

Identities identities_of(const Viewer& viewer, const json::Value& population) {
    Identities all;
    for (const json::Value& row : array(population, "profiles")) {
        const std::string connection = *array(row, "connections").front().if_string();
        if (!viewer.connections.contains(connection)) continue;
        const std::string profile =
            profile_of(viewer, text(row, "provider"), *find(row, "provider_id"), connection);
        all.profiles_of[text(row, "person")].insert(profile);
        all.person_of[profile] = text(row, "person");
    }
    return all;
}

std::string profile_at(const Viewer& viewer, const json::Value& reference) {
    return profile_of(viewer, text(reference, "provider"), *find(reference, "provider_id"),
                      text(reference, "connection"));
}

}  // namespace

TEST_CASE("look-alikes stay apart: namesakes, households, changed names, contradicting tax numbers") {
    RunningSystem& system = RunningSystem::synced();
    const json::Value population = system.sandbox().population();
    const Viewer viewer{system.tenant(), system.connections()};
    const CustomerOfProfile customer_of = customers_by_profile(system.api().list("/v1/customers", 1000));
    const json::Array& pairs = array(population, "must_not_merge");
    CHECK(pairs.size() >= 35);
    std::map<std::string, std::size_t> by_reason;
    for (const json::Value& pair : pairs) {
        const std::string left = profile_at(viewer, *find(pair, "left"));
        const std::string right = profile_at(viewer, *find(pair, "right"));
        CHECK_MESSAGE(customer_of.at(left) != customer_of.at(right), text(pair, "reason"));
        ++by_reason[text(pair, "reason")];
    }
    CHECK(by_reason.size() >= 8);
}

TEST_CASE("every person is one customer and no customer is two people, whatever the spelling") {
    RunningSystem& system = RunningSystem::synced();
    const Viewer viewer{system.tenant(), system.connections()};
    const Identities truth = identities_of(viewer, system.sandbox().population());
    const CustomerOfProfile customer_of = customers_by_profile(system.api().list("/v1/customers", 1000));
    CHECK(customer_of.size() == truth.person_of.size());
    std::map<std::string, std::set<std::string>> people_in;
    std::size_t joined = 0;
    for (const auto& [person, profiles] : truth.profiles_of) {
        std::set<std::string> customers;
        for (const std::string& profile : profiles) {
            customers.insert(customer_of.at(profile));
            people_in[customer_of.at(profile)].insert(person);
        }
        CHECK_MESSAGE(customers.size() == 1, person << " is split");
        if (profiles.size() > 1) ++joined;
    }
    for (const auto& [customer, people] : people_in) {
        CHECK_MESSAGE(people.size() == 1, customer << " is a false merge");
    }
    CHECK(joined >= 40);
    MESSAGE(truth.profiles_of.size() << " people, " << joined << " of them with several profiles, "
                                     << people_in.size() << " customers");
}

TEST_CASE("a merged customer has the id of one of its profiles and the other ids lead to it") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    std::size_t redirected = 0;
    for (const json::Value& customer : api.list("/v1/customers", 1000)) {
        const std::string id = text(customer, "id");
        bool founded_by_member = false;
        for (const json::Value& profile : array(customer, "profiles")) {
            const auto profile_id = domain::parse_uuid(text(profile, "id"));
            const std::string own = to_text(domain::singleton_customer_id(system.tenant(), *profile_id));
            if (own == id) {
                founded_by_member = true;
                continue;
            }
            const Answer answer = api.get("/v1/customers/" + own);
            CHECK(answer.status == 308);
            CHECK(answer.field("Location") == "/v1/customers/" + id);
            ++redirected;
        }
        CHECK(founded_by_member);
    }
    MESSAGE(redirected << " ids of merged customers lead on");
}

TEST_CASE("everything under the id of a merged customer leads to the same of the one that is left") {
    RunningSystem& system = RunningSystem::synced();
    Api api = system.api_with(system.make_key("main", "read,personal,raw"));
    const std::vector<json::Value> customers = system.api().list("/v1/customers", 1000);
    const auto merged = std::ranges::find_if(
        customers, [](const json::Value& customer) { return array(customer, "profiles").size() > 1; });
    REQUIRE(merged != customers.end());
    const std::string id = text(*merged, "id");
    std::string gone;
    for (const json::Value& profile : array(*merged, "profiles")) {
        const auto profile_id = domain::parse_uuid(text(profile, "id"));
        const std::string own = to_text(domain::singleton_customer_id(system.tenant(), *profile_id));
        if (own != id) gone = own;
    }
    REQUIRE_FALSE(gone.empty());
    for (const std::string tail :
         {"", "?max_age=1h", "/raw", "/overview", "/accounts", "/accounts?page_size=2&status=active",
          "/sub-accounts", "/account-groups", "/accounts/5WT00001", "/sub-accounts/main",
          "/account-groups/upvest:%C3%A4"}) {
        CAPTURE(tail);
        const Answer answer = api.get("/v1/customers/" + gone + tail);
        CHECK(answer.status == 308);
        CHECK(answer.field("Location") == "/v1/customers/" + id + tail);
    }
}

TEST_CASE("access of each profile is what the provider grants it") {
    RunningSystem& system = RunningSystem::synced();
    const json::Value population = system.sandbox().population();
    const Viewer viewer{system.tenant(), system.connections()};
    std::map<std::string, std::set<std::string>> profiles_with_access;
    for (const char* path : {"/v1/accounts", "/v1/sub-accounts", "/v1/account-groups"}) {
        for (const json::Value& document : system.api().list(path, 1000)) {
            for (const char* list : {"access", "users"}) {
                for (const json::Value& entry : array(document, list)) {
                    profiles_with_access[text(document, "id")].insert(text(entry, "profile_id"));
                }
            }
        }
    }
    std::map<std::string, std::set<std::string>> granted;
    for (const json::Value& row : array(population, "access")) {
        const auto kind = domain::value_named<domain::EntityKind>(text(row, "kind"));
        granted[viewer.id_of(text(row, "provider"), kind, text(row, "id"))].insert(
            profile_of(viewer, text(row, "provider"), *find(row, "profile"), text(row, "connection")));
    }
    std::size_t compared = 0;
    for (const auto& [target, profiles] : granted) {
        CHECK(profiles_with_access[target] == profiles);
        compared += profiles.size();
    }
    CHECK(compared > 2500);
}
