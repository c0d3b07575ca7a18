// Which route a method and path name. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/uuid.hpp"

namespace tributary::api {

enum class Endpoint {
    customers,
    customer,
    customer_raw,
    customer_overview,
    explain_customer,
    customer_accounts,
    customer_sub_accounts,
    customer_account_groups,
    customer_account,
    customer_sub_account,
    customer_account_group,
    batch_customers,
    batch_accounts,
    batch_sub_accounts,
    batch_account_groups,
    accounts,
    account,
    account_raw,
    sub_accounts,
    sub_account,
    sub_account_raw,
    account_groups,
    account_group,
    account_group_raw,
    changes,
    identity_links,
    identity_link,
    identity_suggestions,
    connections,
    connection,
    create_connection,
    delete_connection,
    repair_connection,
    resume_connection,
    sync_connection,
    connection_webhooks,
    receive_webhook,
    provider_budget,
    runs,
    run,
    run_proposal,
    approve_proposal,
    reject_proposal,
    drift,
    accept_drift,
    quarantine,
    quarantined_object,
    reprocess_quarantined,
    accept_suggestion,
    reject_suggestion,
    create_link,
    unlink,
    reopen_link,
    put_preferences,
    put_attribute,
    delete_attribute,
    create_account_group,
    close_account_group,
    actions,
    action,
    keys,
    create_key,
    rotate_key,
    revoke_key,
    openapi_document,
    docs,
    docs_file,
    problems,
    problem_page,
};

struct Route {
    Endpoint endpoint;
    std::string_view method;
    /// Of the whole path; "{id}" and other names in braces take any segment that is not empty.
    std::vector<std::string_view> segments;
    /// The scope a key needs; empty where no key is asked for, because the request proves itself otherwise.
    std::string_view scope;
    /// Query parameters it knows; others are refused by name.
    std::vector<std::string_view> parameters;
};

std::span<const Route> routes();

struct Match {
    const Route* route = nullptr;
    /// The text in the place of "{id}"; empty where the route has none.
    std::string id;
    /// The same of "{provider}" and "{number}".
    std::string provider;
    std::string number;
    /// Methods that the path has, where the path is known and the method is not.
    std::vector<std::string_view> allowed;
};

/// The route's path with its placeholders, e.g. "/v1/customers/{id}".
std::string template_of(const Route& route);

/// HEAD matches as GET. Without a route: an unknown path, or (with `allowed`) an unknown method. The route is
/// one of `table`'s.
Match match(std::string_view method, std::span<const std::string> segments,
            std::span<const Route> table = routes());

}  // namespace tributary::api
