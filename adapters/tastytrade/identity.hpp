// Which id stands for tastytrade's `me`.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/json/value.hpp"
#include "domain/observation.hpp"

namespace tributary::tastytrade {

/// What is known of the owner of the credentials before an answer is read.
struct Identity {
    /// Our id of the connection, the last resort.
    std::string connection;
    /// The id assigned before, which sticks: another would turn one person into two.
    std::optional<std::string> profile;
};

/// tastytrade never tells a customer's internal id and names everybody `me`, so: the id assigned before, else
/// `external-id`, else `person.external-id` (both are absent in certification), else the connection. Notes
/// where the customer now carries ids that are not the assigned one: the credentials may speak for somebody
/// else.
std::string profile_id(const json::Object& customer, const Identity& identity,
                       std::vector<domain::DriftNote>& notes);

}  // namespace tributary::tastytrade
