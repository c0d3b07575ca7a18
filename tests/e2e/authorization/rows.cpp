#include "tests/e2e/authorization/rows.hpp"

#include <algorithm>
#include <vector>

namespace tributary::e2e {

namespace {

json::Value ids(AuthorizationWorld&, const std::string& id) {
    return json::Object{{"ids", json::Array{json::Value(id)}}};
}

json::Value preferences(AuthorizationWorld&, const std::string&) {
    return json::Object{{"language", "german"},
                        {"notifications", json::Object{{"order_placement", true},
                                                       {"order_confirmation", true},
                                                       {"order_cancellation", true},
                                                       {"settlement_line", false}}}};
}

const std::vector<Row>& rows() {
    using enum Subject;
    static const std::vector<Row> table{
        {"listCustomers"},
        {"listAccounts"},
        {"listSubAccounts"},
        {"listAccountGroups"},
        {"batchGetCustomers", customer, 200, ids, true},
        {"batchGetAccounts", account, 200, ids, true},
        {"batchGetSubAccounts", sub_account, 200, ids, true},
        {"batchGetAccountGroups", account_group, 200, ids, true},
        {"getCustomer", customer},
        {"getAccount", account},
        {"getSubAccount", sub_account},
        {"getAccountGroup", account_group},
        {"getCustomerRaw", customer},
        {"getAccountRaw", account},
        {"getSubAccountRaw", sub_account},
        {"getAccountGroupRaw", account_group},
        {"getCustomerOverview", customer},
        {"explainCustomer", customer},
        {"listCustomerAccounts", customer},
        {"listCustomerSubAccounts", customer},
        {"listCustomerAccountGroups", customer},
        {"getCustomerAccount", holder_of_account},
        {"getCustomerSubAccount", holder_of_sub_account},
        {"getCustomerAccountGroup", holder_of_account_group},
        {"listConnections"},
        {"createConnection", nothing, 201,
         [](AuthorizationWorld& world, const std::string&) -> json::Value { return world.new_connection(); }},
        {"getConnection", connection},
        {"repairConnection", connection, 200,
         [](AuthorizationWorld& world, const std::string& id) -> json::Value { return world.repair_of(id); }},
        {"deleteConnection", new_connection, 202},
        {"resumeConnection", connection},
        {"syncConnection", connection, 202},
        {"getConnectionWebhooks", connection},
        {"receiveWebhook", connection, 400},
        {"listRuns"},
        {"getRun", run},
        {"getProposal", proposal},
        {"approveProposal", proposal},
        {"rejectProposal", proposal},
        {"listDrift"},
        {"acceptDrift", drift},
        {"listQuarantine"},
        {"getQuarantined", quarantined},
        // What is in it cannot be decoded.
        {"reprocessQuarantined", quarantined, 409},
        {"listChanges"},
        {"listIdentityLinks"},
        {"listIdentitySuggestions"},
        {"getIdentityLink", link},
        {"acceptSuggestion", link},
        {"rejectSuggestion", link},
        {"createLink", profile, 200,
         [](AuthorizationWorld& world, const std::string& id) -> json::Value {
             return json::Object{{"profile_ids", json::Array{json::Value(id), world.partner_of(id)}}};
         },
         true},
        {"unlinkProfiles", link},
        {"reopenLink", link},
        {"putPreferences", own_profile, 200, preferences},
        {"putAttribute", own_profile, 200,
         [](AuthorizationWorld& world, const std::string&) -> json::Value { return world.new_attribute(); }},
        {"deleteAttribute", own_profile},
        {"createAccountGroup", upvest_profile, 200,
         [](AuthorizationWorld&, const std::string& id) -> json::Value {
             return json::Object{{"profile_id", id}, {"type", "personal"}};
         },
         true},
        {"closeAccountGroup", active_account_group, 202,
         [](AuthorizationWorld&, const std::string&) -> json::Value {
             return json::Object{{"closure_reason", "user_initiated"}};
         }},
        {"listActions"},
        {"getAction", action},
        {"getProviderBudget", provider},
        {"listKeys"},
        {"createKey", nothing, 201,
         [](AuthorizationWorld&, const std::string&) -> json::Value {
             return json::Object{{"scopes", json::Array{json::Value("admin")}}};
         }},
        {"rotateKey", key, 201},
        {"revokeKey", key},
        {"getOpenApi", page},
        {"getDocs", page},
        {"getDocsFile", page, 200, {}, false, "init.js"},
        {"listProblems", page},
        {"getProblem", page, 200, {}, false, "not_found"},
    };
    return table;
}

}  // namespace

const Row* row_of(std::string_view operation) {
    const auto found = std::ranges::find(rows(), operation, &Row::operation);
    return found == rows().end() ? nullptr : &*found;
}

std::size_t row_count() {
    return rows().size();
}

}  // namespace tributary::e2e
