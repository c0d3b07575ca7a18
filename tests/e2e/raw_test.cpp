// What providers sent, as the API shows it to who may see it.

#include <doctest/doctest.h>

#include <set>
#include <span>
#include <string>
#include <tuple>

#include "domain/json/write.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

/// Connection id, stream and the object's own text.
using Payload = std::tuple<std::string, std::string, std::string>;

/// What the sandbox shows under a name is one object or a list of them, and a stream of ours.
struct Shown {
    const char* provider;
    const char* name;
    const char* stream;
};

constexpr Shown of_people[] = {{"tastytrade", "customer", "customer"},
                               {"tdx", "user", "user"},
                               {"tdx", "users", "users"},
                               {"tdx", "preferences", "preferences"},
                               {"tdx", "user_attributes", "user_attributes"},
                               {"upvest", "users", "users"}};
constexpr Shown of_holdings[] = {{"tastytrade", "accounts", "accounts"},
                                 {"tdx", "client_account", "client_account"},
                                 {"tdx", "client_account_attributes", "client_account_attributes"},
                                 {"tdx", "sub_accounts", "sub_accounts"},
                                 {"upvest", "account_groups", "account_groups"},
                                 {"upvest", "accounts", "accounts"}};

std::multiset<Payload> payloads_of(RunningSystem& system, std::span<const Shown> shown) {
    const json::Value population = system.sandbox().population();
    std::multiset<Payload> all;
    for (const auto& [provider, name, stream] : shown) {
        for (const json::Entry& view : object(population, provider)) {
            const auto connection = system.connections().find(view.key);
            const json::Value* sent = view.value.find(name);
            if (connection == system.connections().end() || sent == nullptr || sent->is_null()) continue;
            const json::Array objects = sent->if_array() != nullptr ? *sent->if_array() : json::Array{*sent};
            for (const json::Value& one : objects) {
                all.emplace(connection->second, stream, json::write(one));
            }
        }
    }
    return all;
}

/// Adds the items of an object's raw read.
void add_raw(Api& api, const std::string& path, std::multiset<Payload>& all) {
    const Answer answer = api.get(path + "/raw");
    REQUIRE_MESSAGE(answer.status == 200, path);
    CHECK(answer.field("Cache-Control") == "private, no-store");
    CHECK_FALSE(array(answer.json, "items").empty());
    for (const json::Value& item : array(answer.json, "items")) {
        CHECK_FALSE(text(item, "provider_id").empty());
        CHECK_FALSE(text(item, "recorded_at").empty());
        all.emplace(text(item, "connection_id"), text(item, "stream"), json::write(*item.find("raw")));
    }
}

}  // namespace

TEST_CASE("every customer's payloads are what the providers sent of its profiles, digit for digit") {
    RunningSystem& system = RunningSystem::synced();
    Api raw = system.api_with(system.make_key("main", "raw"));
    std::multiset<Payload> served;
    for (const json::Value& customer : system.api().list("/v1/customers", 1000)) {
        add_raw(raw, "/v1/customers/" + text(customer, "id"), served);
    }
    const std::multiset<Payload> sent = payloads_of(system, of_people);
    const bool same = served == sent;
    CHECK_MESSAGE(same, served.size() << " payloads served, " << sent.size() << " sent");
    CHECK(sent.size() > 200);
}

TEST_CASE("the payloads of accounts, sub-accounts and groups are what the providers sent") {
    RunningSystem& system = RunningSystem::synced();
    Api raw = system.api_with(system.make_key("main", "raw"));
    const std::multiset<Payload> sent = payloads_of(system, of_holdings);
    std::set<std::string> streams;
    for (const std::string path : {"/v1/accounts", "/v1/sub-accounts", "/v1/account-groups"}) {
        std::multiset<Payload> served;
        std::size_t nth = 0;
        for (const json::Value& document : system.api().list(path, 1000)) {
            // Of those that come in thousands some are enough.
            const bool many = path != "/v1/accounts" || text(document, "provider") == "upvest";
            if (many && nth++ % 40 != 0) continue;
            add_raw(raw, path + "/" + text(document, "id"), served);
        }
        for (const Payload& payload : served) {
            const bool was_sent = sent.contains(payload);
            CHECK_MESSAGE(was_sent, path << " has a payload of " << std::get<1>(payload) << " nobody sent");
            streams.insert(std::get<1>(payload));
        }
    }
    CHECK(streams.size() == std::size(of_holdings) - 1);  // both have "accounts"
}

TEST_CASE("payloads are shown to a key with the scope for them alone") {
    RunningSystem& system = RunningSystem::synced();
    const std::string path = "/v1/customers/" + text(system.api().list("/v1/customers", 1000).at(0), "id");
    Api other = system.api_with(system.make_key("main", "read,personal,sync,operations,admin"));
    CHECK(other.get(path + "/raw").status == 403);
    CHECK(other.get(path + "/raw").code() == "missing_scope");
    Api raw = system.api_with(system.make_key("main", "raw"));
    CHECK(raw.get(path).status == 403);
    CHECK(raw.get("/v1/customers/" + to_text(system.tenant()) + "/raw").status == 404);
    CHECK(raw.get("/v1/customers/nobody/raw").status == 404);
    CHECK(raw.get(path + "/raw?page_size=1").code() == "invalid_request");
}
