// New credentials for a connection that exists, as an operator enters them: checked whole before anything is
// stored. What names the connection stays as it is.
#pragma once

#include <expected>
#include <optional>
#include <vector>

#include "domain/error.hpp"
#include "domain/json/value.hpp"
#include "domain/ports/connection_store.hpp"
#include "services/sync/providers.hpp"

namespace tributary::admin {

struct RepairRequest {
    json::Object credentials;
    /// Absent: they stay.
    std::optional<json::Object> settings;
};

/// `body` has `credentials`, and `settings` where those change too. The other members of a new connection may
/// be there with what they already say, so that the file that made the connection also repairs it; a schedule
/// is ignored. Every fault with its JSON pointer; never quotes a credential.
std::expected<RepairRequest, std::vector<domain::Error>> read_repair_request(
    const json::Value& body, const domain::ports::ConnectionView& connection,
    const sync::Providers& providers);

}  // namespace tributary::admin
