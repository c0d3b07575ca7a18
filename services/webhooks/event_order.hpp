// Which events of a batch are news. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/ports/page_store.hpp"
#include "domain/time.hpp"

namespace tributary::webhooks {

/// An event whose object could be read.
struct Candidate {
    std::string event_id;
    /// The object's key in its stream.
    std::string provider_id;
    std::optional<domain::Timestamp> updated_at;
    /// As a record of it would have.
    std::string hash;
};

/// What becomes of each candidate, in their order: `applied`, `stale` or `hint`.
///
/// `candidates` are of one stream, in the order of applying; of several about one object only the last one
/// counts. `stored` is what the stream's records say. An event tells of the past, so it has to be newer by
/// the provider's clock than what is stored. One of the same moment with another content could come before or
/// after it: there a run finds out, as it does where a time is missing. Nothing that was removed comes back
/// by an event.
std::vector<domain::ports::EventOutcome> judge(
    std::span<const Candidate> candidates, const std::map<std::string, domain::ports::RecordState>& stored);

}  // namespace tributary::webhooks
