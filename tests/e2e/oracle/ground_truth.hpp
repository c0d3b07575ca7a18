// The whole comparison: the sandbox's population against everything that the REST API serves.
#pragma once

#include <string>
#include <vector>

#include "tests/e2e/oracle/difference.hpp"
#include "tests/e2e/oracle/expected_world.hpp"
#include "tests/e2e/system/running_system.hpp"

namespace tributary::e2e {

/// Every list of the API, read to its end.
struct Served {
    std::vector<json::Value> customers;
    std::vector<json::Value> accounts;
    std::vector<json::Value> sub_accounts;
    std::vector<json::Value> account_groups;

    [[nodiscard]] std::size_t count() const {
        return customers.size() + accounts.size() + sub_accounts.size() + account_groups.size();
    }
};

Served read_everything(Api& api);

/// The customer of each profile, as the served customers tell it.
CustomerOfProfile customers_by_profile(const std::vector<json::Value>& customers);

struct Comparison {
    json::Value population;
    Viewer viewer;
    ExpectedWorld world;
    Served served;
    CustomerOfProfile customer_of;
    ExpectedDocuments expected;
    Differences differences;
};

/// Reads both sides and compares them; the test fails where they differ, or where a field of a provider is
/// neither served nor exempt.
Comparison compare_everything(RunningSystem& system);

/// Our id of a profile in one of the population's lists; tastytrade customers without an id of their own are
/// named after their connection.
std::string profile_of(const Viewer& viewer, std::string_view provider, const json::Value& provider_id,
                       const std::string& connection);

}  // namespace tributary::e2e
