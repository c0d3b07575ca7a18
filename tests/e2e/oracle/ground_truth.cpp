#include "tests/e2e/oracle/ground_truth.hpp"

#include <doctest/doctest.h>

#include "tests/e2e/system/tree.hpp"

namespace tributary::e2e {

namespace {

std::string forgotten_text(const Tally& tally) {
    std::string all;
    for (const auto& [field, count] : tally.forgotten) {
        all += "\n  " + field + " (" + std::to_string(count) + " times)";
    }
    return all;
}

}  // namespace

Served read_everything(Api& api) {
    Served served;
    served.customers = api.list("/v1/customers", 100);
    served.accounts = api.list("/v1/accounts", 1000);
    served.sub_accounts = api.list("/v1/sub-accounts", 400);
    served.account_groups = api.list("/v1/account-groups", 1000);
    return served;
}

CustomerOfProfile customers_by_profile(const std::vector<json::Value>& customers) {
    CustomerOfProfile customer_of;
    for (const json::Value& customer : customers) {
        for (const json::Value& profile : array(customer, "profiles")) {
            const bool once = customer_of.emplace(text(profile, "id"), text(customer, "id")).second;
            CHECK_MESSAGE(once, "a profile stands in two customers");
        }
    }
    return customer_of;
}

Comparison compare_everything(RunningSystem& system) {
    Comparison all;
    all.population = system.sandbox().population();
    all.viewer = {system.tenant(), system.connections()};
    all.world = expect(all.viewer, all.population);
    all.served = read_everything(system.api());
    all.customer_of = customers_by_profile(all.served.customers);
    // A profile that its provider removed is in no customer served, so nothing may name one for it.
    all.expected = expected_documents(all.world, all.customer_of);
    compare_documents(all.expected.customers, all.served.customers, "customer", all.differences);
    compare_documents(all.expected.accounts, all.served.accounts, "account", all.differences);
    compare_documents(all.expected.sub_accounts, all.served.sub_accounts, "sub-account", all.differences);
    compare_documents(all.expected.account_groups, all.served.account_groups, "account group",
                      all.differences);
    CHECK_MESSAGE(all.differences.found == 0, all.differences.text());
    CHECK_MESSAGE(all.world.tally.forgotten.empty(), forgotten_text(all.world.tally));
    return all;
}

std::string profile_of(const Viewer& viewer, std::string_view provider, const json::Value& provider_id,
                       const std::string& connection) {
    const std::string* id = provider_id.if_string();
    return viewer.id_of(provider, domain::EntityKind::profile,
                        id != nullptr ? *id : viewer.connections.at(connection));
}

}  // namespace tributary::e2e
