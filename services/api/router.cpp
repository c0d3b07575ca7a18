#include "services/api/router.hpp"

#include <algorithm>
#include <array>

namespace tributary::api {

std::span<const Route> routes() {
    using enum Endpoint;
    // Of all lists of documents, of one document, and of those lists that know a status.
    static const std::vector<std::string_view> list_parameters{
        "page_size",     "page_token", "include_deleted", "provider", "type",     "connection_id",
        "changed_since", "order_by",   "max_age",         "wait",     "on_stale", "as_of"};
    static const std::vector<std::string_view> status_list_parameters = [] {
        std::vector<std::string_view> all = list_parameters;
        all.emplace_back("status");
        return all;
    }();
    static const std::vector<std::string_view> freshness{"max_age", "wait", "on_stale", "as_of"};
    static const std::vector<std::string_view> moment{"as_of"};
    static const std::vector<std::string_view> none;
    static const std::array table{
        Route{customers, "GET", {"v1", "customers"}, "read", status_list_parameters},
        Route{customer, "GET", {"v1", "customers", "{id}"}, "read", freshness},
        Route{customer_raw, "GET", {"v1", "customers", "{id}", "raw"}, "raw", none},
        Route{customer_overview, "GET", {"v1", "customers", "{id}", "overview"}, "read", freshness},
        Route{explain_customer, "GET", {"v1", "customers", "{id}", "explain"}, "read", none},
        Route{customer_accounts,
              "GET",
              {"v1", "customers", "{id}", "accounts"},
              "read",
              status_list_parameters},
        Route{customer_sub_accounts,
              "GET",
              {"v1", "customers", "{id}", "sub-accounts"},
              "read",
              list_parameters},
        Route{customer_account_groups,
              "GET",
              {"v1", "customers", "{id}", "account-groups"},
              "read",
              status_list_parameters},
        Route{
            customer_account, "GET", {"v1", "customers", "{id}", "accounts", "{number}"}, "read", freshness},
        Route{customer_sub_account,
              "GET",
              {"v1", "customers", "{id}", "sub-accounts", "{number}"},
              "read",
              freshness},
        Route{customer_account_group,
              "GET",
              {"v1", "customers", "{id}", "account-groups", "{number}"},
              "read",
              freshness},
        Route{batch_customers, "POST", {"v1", "customers:batchGet"}, "read", moment},
        Route{batch_accounts, "POST", {"v1", "accounts:batchGet"}, "read", moment},
        Route{batch_sub_accounts, "POST", {"v1", "sub-accounts:batchGet"}, "read", moment},
        Route{batch_account_groups, "POST", {"v1", "account-groups:batchGet"}, "read", moment},
        Route{accounts, "GET", {"v1", "accounts"}, "read", status_list_parameters},
        Route{account, "GET", {"v1", "accounts", "{id}"}, "read", freshness},
        Route{account_raw, "GET", {"v1", "accounts", "{id}", "raw"}, "raw", none},
        Route{sub_accounts, "GET", {"v1", "sub-accounts"}, "read", list_parameters},
        Route{sub_account, "GET", {"v1", "sub-accounts", "{id}"}, "read", freshness},
        Route{sub_account_raw, "GET", {"v1", "sub-accounts", "{id}", "raw"}, "raw", none},
        Route{account_groups, "GET", {"v1", "account-groups"}, "read", status_list_parameters},
        Route{account_group, "GET", {"v1", "account-groups", "{id}"}, "read", freshness},
        Route{account_group_raw, "GET", {"v1", "account-groups", "{id}", "raw"}, "raw", none},
        Route{
            changes, "GET", {"v1", "changes"}, "read", {"after", "kind", "customer_id", "wait", "page_size"}},
        Route{identity_links,
              "GET",
              {"v1", "identity", "links"},
              "read",
              {"page_size", "page_token", "state", "changed_since", "order_by", "as_of"}},
        Route{identity_link, "GET", {"v1", "identity", "links", "{id}"}, "read", moment},
        Route{identity_suggestions,
              "GET",
              {"v1", "identity", "suggestions"},
              "read",
              {"page_size", "page_token", "changed_since", "order_by", "as_of"}},
        Route{connections, "GET", {"v1", "connections"}, "read", {"page_size", "page_token"}},
        Route{create_connection, "POST", {"v1", "connections"}, "admin", none},
        Route{connection, "GET", {"v1", "connections", "{id}"}, "read", none},
        Route{repair_connection, "PATCH", {"v1", "connections", "{id}"}, "admin", none},
        Route{delete_connection, "DELETE", {"v1", "connections", "{id}"}, "admin", none},
        Route{resume_connection, "POST", {"v1", "connections", "{id}", "resume"}, "operations", none},
        Route{sync_connection, "POST", {"v1", "connections", "{id}", "sync"}, "sync", none},
        Route{connection_webhooks, "GET", {"v1", "connections", "{id}", "webhooks"}, "read", none},
        Route{receive_webhook, "POST", {"v1", "webhooks", "{provider}", "{id}"}, "", none},
        Route{runs, "GET", {"v1", "runs"}, "read", {"page_size", "page_token", "connection_id"}},
        Route{run, "GET", {"v1", "runs", "{id}"}, "read", none},
        Route{run_proposal, "GET", {"v1", "runs", "{id}", "proposal"}, "read", none},
        Route{approve_proposal, "POST", {"v1", "runs", "{id}", "proposal", "approve"}, "operations", none},
        Route{reject_proposal, "POST", {"v1", "runs", "{id}", "proposal", "reject"}, "operations", none},
        Route{drift,
              "GET",
              {"v1", "drift"},
              "read",
              {"page_size", "page_token", "provider", "stream", "state"}},
        Route{accept_drift, "POST", {"v1", "drift", "{id}", "accept"}, "operations", none},
        Route{quarantine,
              "GET",
              {"v1", "quarantine"},
              "read",
              {"page_size", "page_token", "connection_id", "stream"}},
        Route{quarantined_object, "GET", {"v1", "quarantine", "{id}"}, "raw", none},
        Route{reprocess_quarantined, "POST", {"v1", "quarantine", "{id}", "reprocess"}, "operations", none},
        Route{accept_suggestion,
              "POST",
              {"v1", "identity", "suggestions", "{id}", "accept"},
              "operations",
              none},
        Route{reject_suggestion,
              "POST",
              {"v1", "identity", "suggestions", "{id}", "reject"},
              "operations",
              none},
        Route{create_link, "POST", {"v1", "identity", "links"}, "operations", none},
        Route{unlink, "POST", {"v1", "identity", "links", "{id}", "unlink"}, "operations", none},
        Route{reopen_link, "POST", {"v1", "identity", "links", "{id}", "reopen"}, "operations", none},
        Route{put_preferences, "PUT", {"v1", "profiles", "{id}", "preferences"}, "actions", none},
        Route{put_attribute, "POST", {"v1", "profiles", "{id}", "attributes"}, "actions", none},
        Route{delete_attribute,
              "DELETE",
              {"v1", "profiles", "{id}", "attributes", "{number}"},
              "actions",
              none},
        Route{create_account_group, "POST", {"v1", "account-groups"}, "actions", none},
        Route{close_account_group, "POST", {"v1", "account-groups", "{id}", "close"}, "actions", none},
        Route{actions, "GET", {"v1", "actions"}, "read", {"page_size", "page_token", "state"}},
        Route{action, "GET", {"v1", "actions", "{id}"}, "read", none},
        Route{keys, "GET", {"v1", "keys"}, "admin", {"page_size", "page_token"}},
        Route{create_key, "POST", {"v1", "keys"}, "admin", none},
        Route{rotate_key, "POST", {"v1", "keys", "{id}", "rotate"}, "admin", none},
        Route{revoke_key, "DELETE", {"v1", "keys", "{id}"}, "admin", none},
        Route{provider_budget, "GET", {"v1", "providers", "{id}", "budget"}, "read", none},
        Route{openapi_document, "GET", {"openapi.json"}, "", none},
        Route{docs, "GET", {"docs"}, "", none},
        Route{docs_file, "GET", {"docs", "{id}"}, "", none},
        Route{problems, "GET", {"problems"}, "", none},
        Route{problem_page, "GET", {"problems", "{id}"}, "", none},
    };
    return table;
}

std::string template_of(const Route& route) {
    std::string path;
    for (const std::string_view segment : route.segments) {
        path += '/';
        path += segment;
    }
    return path;
}

Match match(std::string_view method, std::span<const std::string> segments, std::span<const Route> table) {
    Match found;
    const std::string_view wanted = method == "HEAD" ? std::string_view("GET") : method;
    for (const Route& route : table) {
        if (route.segments.size() != segments.size()) {
            continue;
        }
        Match taken;
        const bool same = std::ranges::equal(
            route.segments, segments, [&taken](std::string_view pattern, const std::string& text) {
                if (!pattern.starts_with('{')) {
                    return pattern == text;
                }
                (pattern == "{id}" ? taken.id : pattern == "{number}" ? taken.number : taken.provider) = text;
                return !text.empty();
            });
        if (!same) {
            continue;
        }
        if (route.method == wanted) {
            taken.route = &route;
            return taken;
        }
        found.allowed.push_back(route.method);
    }
    return found;
}

}  // namespace tributary::api
