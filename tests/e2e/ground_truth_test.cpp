// What the providers say against what the API serves, object by object and field by field.

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "tests/e2e/oracle/ground_truth.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

/// The stream that grants access to a kind of object; tastytrade's and Upvest's stand on the object itself.
std::string granting_stream(std::string_view provider, std::string_view kind) {
    if (provider == "tastytrade") return "accounts";
    if (provider == "upvest") return kind == "account_group" ? "account_groups" : "accounts";
    return {};
}

/// The names of a document's sources.
std::set<std::string> streams_of(const json::Value& document) {
    std::set<std::string> streams;
    for (const json::Value& source : array(document, "freshness.sources")) {
        streams.insert(text(source, "stream"));
    }
    return streams;
}

/// A document is not fresher than the streams that its access came from.
void check_freshness_of_access(const Comparison& all) {
    std::size_t checked = 0;
    std::map<std::string, std::string> provider_of;
    for (const auto* served : {&all.served.accounts, &all.served.sub_accounts, &all.served.account_groups}) {
        for (const json::Value& document : *served) {
            provider_of[text(document, "id")] = text(document, "provider");
            if (text(document, "provider") != "tdx" || array(document, "access").empty()) continue;
            const auto streams = streams_of(document);
            CAPTURE(text(document, "provider_id"));
            // Whose access it is stands on the users.
            CHECK(std::ranges::any_of(streams,
                                      [](const std::string& name) { return name.starts_with("user"); }));
            ++checked;
        }
    }
    for (const json::Value& customer : all.served.customers) {
        const auto streams = streams_of(customer);
        for (const json::Value& entry : array(customer, "access")) {
            const auto provider = provider_of.find(text(entry, "id"));
            if (provider == provider_of.end()) continue;
            const std::string needed = granting_stream(provider->second, text(entry, "kind"));
            if (needed.empty()) continue;
            CHECK_MESSAGE(streams.contains(needed), provider->second << " " << needed);
            ++checked;
        }
    }
    CHECK(checked > 500);
}

/// Every document says how fresh it is and from which connections it came.
void check_freshness(const Comparison& all) {
    const auto check = [](const std::vector<json::Value>& served, const auto& connections_of) {
        for (const json::Value& document : served) {
            std::set<std::string> named;
            for (const json::Value& source : array(document, "freshness.sources")) {
                named.insert(text(source, "connection_id"));
                CHECK(text(source, "status") == "active");
            }
            CHECK(named == connections_of(document));
            CHECK_FALSE(text(document, "freshness.fetched_at").empty());
            CHECK_FALSE(text(document, "freshness.verified_complete_at").empty());
            CHECK(number(document, "version") >= 1);
            CHECK(text(document, "created_at") <= text(document, "changed_at"));
            CHECK(document.find("deleted_at") == nullptr);
        }
    };
    const auto of_target = [&](const json::Value& document) {
        return all.world.targets.at(text(document, "id")).connections;
    };
    check(all.served.accounts, of_target);
    check(all.served.sub_accounts, of_target);
    check(all.served.account_groups, of_target);
    check(all.served.customers, [&](const json::Value& document) {
        std::set<std::string> connections;
        for (const json::Value& profile : array(document, "profiles")) {
            const auto& seen = all.world.profiles.at(text(profile, "id")).connections;
            connections.insert(seen.begin(), seen.end());
        }
        return connections;
    });
}

}  // namespace

TEST_CASE("API serves every object and field of the three providers when all connections are synced") {
    RunningSystem& system = RunningSystem::synced();
    const Comparison all = compare_everything(system);
    check_freshness(all);
    check_freshness_of_access(all);
    CHECK(all.served.count() > 3500);
    CHECK(all.differences.compared > 70'000);
    std::size_t fields = 0;
    for (const auto& [kind, count] : all.world.tally.mapped) {
        MESSAGE(kind << ": " << count << " fields");
        fields += count;
    }
    for (const auto& [field, count] : all.world.tally.exempt) {
        MESSAGE("exempt, " << count << " times: " << field);
    }
    CHECK(fields > 35'000);
    MESSAGE(all.served.count() << " documents, " << all.differences.compared << " values compared, " << fields
                               << " fields of the providers");
}

namespace {

/// The served documents by id.
Documents by_id(const std::vector<json::Value>& served) {
    Documents documents;
    for (const json::Value& document : served) {
        documents[text(document, "id")] = *document.if_object();
    }
    return documents;
}

/// The ids of a customer's access of a kind that some connection sees.
std::set<std::string> targets_of(const json::Value& customer, std::string_view kind, const Documents& seen) {
    std::set<std::string> ids;
    for (const json::Value& entry : array(customer, "access")) {
        if (text(entry, "kind") == kind && seen.contains(text(entry, "id"))) ids.insert(text(entry, "id"));
    }
    return ids;
}

/// Each document of the list is the one that the whole list has, and they are these.
void check_part(const json::Array& part, const std::set<std::string>& ids, const Documents& whole) {
    Documents expected;
    for (const std::string& id : ids) {
        json::Object content = without_stamp(whole.at(id));
        expected[id] = std::move(content);
    }
    Differences differences;
    compare_documents(expected, part, "part", differences);
    CHECK_MESSAGE(differences.found == 0, differences.text());
}

}  // namespace

TEST_CASE("single reads, overviews and lists of a customer give the documents that the lists give") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    const Served served = read_everything(api);
    const Documents accounts = by_id(served.accounts);
    const Documents sub_accounts = by_id(served.sub_accounts);
    const Documents groups = by_id(served.account_groups);
    for (std::size_t i = 0; i < served.customers.size(); i += 7) {
        const json::Value& customer = served.customers[i];
        const std::string path = "/v1/customers/" + text(customer, "id");
        const auto own_accounts = targets_of(customer, "account", accounts);
        const auto own_sub_accounts = targets_of(customer, "sub_account", sub_accounts);
        const auto own_groups = targets_of(customer, "account_group", groups);
        CHECK(without_stamp(api.get(path).json) == without_stamp(customer));
        check_part(api.list(path + "/accounts", 3), own_accounts, accounts);
        check_part(api.list(path + "/sub-accounts", 7), own_sub_accounts, sub_accounts);
        check_part(api.list(path + "/account-groups", 3), own_groups, groups);
        const Answer overview = api.get(path + "/overview");
        REQUIRE(overview.status == 200);
        CHECK(without_stamp(*find(overview.json, "customer")) == without_stamp(customer));
        check_part(array(overview.json, "accounts"), own_accounts, accounts);
        check_part(array(overview.json, "sub_accounts"), own_sub_accounts, sub_accounts);
        check_part(array(overview.json, "account_groups"), own_groups, groups);
    }
    const std::vector<std::pair<std::string, const std::vector<json::Value>*>> kinds{
        {"/v1/accounts/", &served.accounts},
        {"/v1/sub-accounts/", &served.sub_accounts},
        {"/v1/account-groups/", &served.account_groups}};
    for (const auto& [path, list] : kinds) {
        for (std::size_t i = 0; i < list->size(); i += 97) {
            const Answer answer = api.get(path + text((*list)[i], "id"));
            CHECK(answer.status == 200);
            CHECK(without_stamp(answer.json) == without_stamp((*list)[i]));
        }
    }
}
