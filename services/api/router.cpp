#include "services/api/router.hpp"

#include <algorithm>
#include <array>

namespace tributary::api {

std::span<const Route> routes() {
    using enum Endpoint;
    static const std::vector<std::string_view> list_parameters{"page_size", "page_token", "include_deleted"};
    static const std::vector<std::string_view> none;
    static const std::array table{
        Route{customers, "GET", {"customers"}, "read", list_parameters},
        Route{customer, "GET", {"customers", "{id}"}, "read", none},
        Route{customer_overview, "GET", {"customers", "{id}", "overview"}, "read", none},
        Route{customer_accounts, "GET", {"customers", "{id}", "accounts"}, "read", list_parameters},
        Route{customer_sub_accounts, "GET", {"customers", "{id}", "sub-accounts"}, "read", list_parameters},
        Route{
            customer_account_groups, "GET", {"customers", "{id}", "account-groups"}, "read", list_parameters},
        Route{accounts, "GET", {"accounts"}, "read", list_parameters},
        Route{account, "GET", {"accounts", "{id}"}, "read", none},
        Route{sub_accounts, "GET", {"sub-accounts"}, "read", list_parameters},
        Route{sub_account, "GET", {"sub-accounts", "{id}"}, "read", none},
        Route{account_groups, "GET", {"account-groups"}, "read", list_parameters},
        Route{account_group, "GET", {"account-groups", "{id}"}, "read", none},
        Route{connections, "GET", {"connections"}, "read", {"page_size", "page_token"}},
        Route{create_connection, "POST", {"connections"}, "connections", none},
        Route{connection, "GET", {"connections", "{id}"}, "read", none},
        Route{repair_connection, "PATCH", {"connections", "{id}"}, "connections", none},
        Route{delete_connection, "DELETE", {"connections", "{id}"}, "connections", none},
        Route{resume_connection, "POST", {"connections", "{id}", "resume"}, "connections", none},
        Route{sync_connection, "POST", {"connections", "{id}", "sync"}, "sync", none},
        Route{connection_webhooks, "GET", {"connections", "{id}", "webhooks"}, "read", none},
        Route{receive_webhook, "POST", {"webhooks", "{provider}", "{id}"}, "", none},
        Route{runs, "GET", {"runs"}, "read", {"page_size", "page_token", "connection_id"}},
        Route{run, "GET", {"runs", "{id}"}, "read", none},
        Route{run_proposal, "GET", {"runs", "{id}", "proposal"}, "read", none},
        Route{approve_proposal, "POST", {"runs", "{id}", "proposal", "approve"}, "connections", none},
        Route{reject_proposal, "POST", {"runs", "{id}", "proposal", "reject"}, "connections", none},
        Route{drift, "GET", {"drift"}, "read", {"page_size", "page_token", "provider", "stream", "state"}},
        Route{accept_drift, "POST", {"drift", "{id}", "accept"}, "connections", none},
        Route{quarantine,
              "GET",
              {"quarantine"},
              "read",
              {"page_size", "page_token", "connection_id", "stream"}},
        Route{quarantined_object, "GET", {"quarantine", "{id}"}, "raw", none},
        Route{reprocess_quarantined, "POST", {"quarantine", "{id}", "reprocess"}, "connections", none},
        Route{provider_budget, "GET", {"providers", "{id}", "budget"}, "read", none},
    };
    return table;
}

std::string template_of(const Route& route) {
    std::string path = "/v1";
    for (const std::string_view segment : route.segments) {
        path += '/';
        path += segment;
    }
    return path;
}

Match match(std::string_view method, std::span<const std::string> segments) {
    Match found;
    if (segments.empty() || segments.front() != "v1") {
        return found;
    }
    const std::span<const std::string> rest = segments.subspan(1);
    const std::string_view wanted = method == "HEAD" ? std::string_view("GET") : method;
    for (const Route& route : routes()) {
        if (route.segments.size() != rest.size()) {
            continue;
        }
        std::string id;
        std::string provider;
        const bool same =
            std::ranges::equal(route.segments, rest, [&](std::string_view pattern, const std::string& text) {
                if (pattern == "{id}" || pattern == "{provider}") {
                    (pattern == "{id}" ? id : provider) = text;
                    return !text.empty();
                }
                return pattern == text;
            });
        if (!same) {
            continue;
        }
        if (route.method == wanted) {
            found.route = &route;
            found.id = std::move(id);
            found.provider = std::move(provider);
            return found;
        }
        found.allowed.push_back(route.method);
    }
    return found;
}

}  // namespace tributary::api
