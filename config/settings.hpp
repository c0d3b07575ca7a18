// The settings of the service: one struct, filled by one pure parser from flags, environment, file and
// defaults.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace tributary::config {

struct Endpoint {
    std::string address;
    std::uint16_t port = 0;

    friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// How often a provider may be asked with one credential.
struct RequestLimit {
    std::size_t requests_per_second = 1;
    std::size_t burst = 1;

    friend bool operator==(const RequestLimit&, const RequestLimit&) = default;
};

/// Every member is documented once, beside its key in keys.cpp.
struct Settings {
    Endpoint listen{"127.0.0.1", 8080};
    Endpoint admin_listen{"127.0.0.1", 9090};
    std::size_t threads = 0;
    std::size_t api_requests_per_minute = 60'000;
    std::size_t cache_bytes = std::size_t{256} * 1024 * 1024;
    std::string database_url;
    std::string database_direct_url;
    std::string database_role;
    bool database_prepared = true;
    std::size_t database_connections = 4;
    std::string secrets_key_file;
    std::string http_ca_file;
    std::string auth_issuer;
    std::string auth_audience;
    std::string auth_jwks_file;
    std::string auth_jwks_url;
    std::string auth_type = "at+jwt";
    std::string auth_tenant_claim = "tributary_tenant";
    std::string auth_customer_claim = "tributary_customer";
    /// By provider; an absent provider allows its own production and sandbox origins only.
    std::map<std::string, std::vector<std::string>> allowed_base_urls;
    /// By provider.
    std::map<std::string, RequestLimit> request_limits{
        {"tastytrade", {5, 10}}, {"tdx", {20, 20}}, {"upvest", {250, 25}}};
    bool sync_enabled = true;
    std::chrono::seconds sync_lease{30};
    std::size_t sync_concurrent_runs = 16;
    std::size_t sync_removal_percent = 20;
    std::size_t sync_removal_at_least = 5;
    /// Zero: for ever.
    std::chrono::seconds history_retention{0};
    std::chrono::seconds webhooks_clock_tolerance{86'400};
    std::chrono::seconds webhooks_retention{7 * 24 * 3600};
    /// Providers whose word counts first where several describe one person, for every field without a list of
    /// its own in field_precedence.
    std::vector<std::string> precedence;
    std::map<std::string, std::vector<std::string>, std::less<>> field_precedence;
    std::string log_level = "info";

    friend bool operator==(const Settings&, const Settings&) = default;
};

}  // namespace tributary::config
