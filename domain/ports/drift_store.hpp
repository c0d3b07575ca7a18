// What providers send that we did not know, as operators look at it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/error.hpp"
#include "domain/observation.hpp"
#include "domain/ports/task.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain::ports {

/// One fingerprint: it stays the same entry however often it is seen, accepted or not.
struct DriftEntry {
    Uuid id;
    std::string provider;
    std::string stream;
    DriftNote note;
    /// open, accepted.
    std::string state;
    Timestamp first_seen_at;
    Timestamp last_seen_at;
    /// How many objects had it, over all runs.
    std::int64_t times = 0;
    /// Which saw it last.
    Uuid connection_id;
    Uuid run_id;
    std::optional<std::string> accepted_by;
    std::optional<Timestamp> accepted_at;
};

struct DriftQuery {
    std::optional<std::string> provider = std::nullopt;
    std::optional<std::string> stream = std::nullopt;
    std::optional<std::string> state = std::nullopt;
    /// Entries with a greater id only.
    std::optional<Uuid> after = std::nullopt;
    std::size_t limit = 50;
};

class DriftStore {
  public:
    virtual ~DriftStore() = default;
    /// Ordered by id.
    virtual Task<Result<std::vector<DriftEntry>>> drift(Uuid tenant, DriftQuery query) = 0;
    /// `by` is for the record. One that was accepted before stays as it is.
    virtual Task<Result<DriftEntry>> accept_drift(Uuid tenant, Uuid id, std::string by) = 0;
};

}  // namespace tributary::domain::ports
