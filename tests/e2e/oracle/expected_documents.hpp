// The documents that the API must serve: profiles merged into customers, access written out.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "domain/json/value.hpp"
#include "tests/e2e/oracle/expected_world.hpp"

namespace tributary::e2e {

/// Which customer stands for whom. Which of several profiles founded it depends on who came first, so the
/// ids are taken from what is served, and checked by themselves (see customers_by_profile()).
using CustomerOfProfile = std::map<std::string, std::string>;

/// Documents by id, without their stamp (version and times) and without freshness.
using Documents = std::map<std::string, json::Object>;

struct ExpectedDocuments {
    Documents customers;
    Documents accounts;
    Documents sub_accounts;
    Documents account_groups;
};

ExpectedDocuments expected_documents(const ExpectedWorld& world, const CustomerOfProfile& customer_of);

}  // namespace tributary::e2e
