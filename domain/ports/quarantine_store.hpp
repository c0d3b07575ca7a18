// Objects that came without a usable key, as operators look at them. Runs write and release them in page
// transactions.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/error.hpp"
#include "domain/ports/page_store.hpp"
#include "domain/ports/task.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain::ports {

struct QuarantineEntry {
    Uuid id;
    StreamRef stream;
    /// Why it has no place among the records; of a failed one, why it has none still.
    std::string reason;
    /// waiting, failed (it was decoded again, in vain).
    std::string state;
    Timestamp first_seen_at;
    /// To the hour.
    Timestamp last_seen_at;
};

/// An entry with what only those see who may see what providers send.
struct QuarantinedObject {
    QuarantineEntry entry;
    /// JSON text as the provider sent it.
    std::string raw;
    /// What PageTransaction::release_quarantined() knows it by.
    std::string content_hash;
    /// Of its stream.
    int fullness = 0;
};

struct QuarantineQuery {
    std::optional<Uuid> connection_id = std::nullopt;
    std::optional<std::string> stream = std::nullopt;
    /// Entries with a greater id only.
    std::optional<Uuid> after = std::nullopt;
    std::size_t limit = 50;
};

class QuarantineStore {
  public:
    virtual ~QuarantineStore() = default;
    /// Ordered by id.
    virtual Task<Result<std::vector<QuarantineEntry>>> quarantine(Uuid tenant, QuarantineQuery query) = 0;
    virtual Task<Result<QuarantinedObject>> quarantined_object(Uuid tenant, Uuid id) = 0;
    /// Today's decoder cannot read it either.
    virtual Task<Result<void>> note_failed_decoding(Uuid tenant, Uuid id, std::string reason) = 0;
};

}  // namespace tributary::domain::ports
