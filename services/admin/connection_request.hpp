// A connection as an operator enters it, over REST or on the command line: checked whole before anything is
// stored.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "domain/json/value.hpp"
#include "domain/kinds.hpp"
#include "domain/ports/provider.hpp"
#include "services/sync/providers.hpp"

namespace tributary::admin {

struct ConnectionRequest {
    std::string provider;
    std::string name;
    domain::ProviderEnvironment environment = domain::ProviderEnvironment::production;
    std::string base_url;
    /// Absent: manual.
    std::optional<std::chrono::seconds> period;
    json::Object settings;
    json::Object credentials;
};

/// By provider: origins that connections may use.
using AllowedOrigins = std::map<std::string, std::vector<std::string>>;

/// Every fault with its JSON pointer: unknown members, wrong types, an origin that is not allowed, a schedule
/// that is none, and whatever the provider finds wrong with settings and credentials. Never quotes a
/// credential.
std::expected<ConnectionRequest, std::vector<domain::Error>> read_connection_request(
    const json::Value& body, const sync::Providers& providers, const AllowedOrigins& allowed);

/// "30s", "5m", "1h" (10 seconds to 7 days) or "manual" (nothing). Errc::invalid_input on any other text.
domain::Result<std::optional<std::chrono::seconds>> parse_schedule(std::string_view text);
std::string schedule_text(const std::optional<std::chrono::seconds>& period);

}  // namespace tributary::admin
