// What a replay needs of the store besides the page transaction: every version of every record with the
// payload it was made from, and a connection held for writing without asking its provider.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "domain/error.hpp"
#include "domain/observation.hpp"
#include "domain/ports/page_store.hpp"
#include "domain/ports/task.hpp"
#include "domain/uuid.hpp"

namespace tributary::domain::ports {

/// A grant as it stands in the store.
struct StoredGrant {
    Uuid profile_id;
    /// The provider's id of the profile; absent where nobody has described it yet.
    std::optional<std::string> profile;
    Uuid target_id;
    /// JSON object, as AccessWrite has it.
    std::string grant;
};

/// What one stream said about one object for a while.
struct StoredVersion {
    std::string provider_id;
    Uuid entity_id;
    EntityRef entity;
    int fullness = 0;
    /// Of the present version; empty for a past one.
    std::string hash;
    /// JSON texts. What a past version was made into may be unknown.
    std::string raw;
    std::optional<std::string> normalized;
    std::optional<Timestamp> source_updated_at;
    /// When the payload came.
    Timestamp since;
    /// Of the present version alone.
    std::vector<StoredGrant> access;
};

/// Versions of one stream, in the order of keys and times.
struct VersionQuery {
    StreamRef stream;
    /// Versions after this one: key and, among past versions, time.
    std::string after;
    std::optional<Timestamp> after_time;
    /// Only versions whose payload came then or later.
    std::optional<Timestamp> since;
    std::size_t limit = 200;
};

struct ReplayClaim {
    Lease lease;
    Uuid run_id;
};

struct ReplayOutcome {
    /// succeeded, failed.
    std::string state;
    /// JSON text.
    std::string report;
    std::string error_code;
    std::string error_detail;
};

class ReplayStore {
  public:
    virtual ~ReplayStore() = default;

    /// Streams of which the connection has records, removed ones included.
    virtual Task<Result<std::vector<std::string>>> streams(Uuid tenant, Uuid connection) = 0;
    /// Live records as they are now.
    virtual Task<Result<std::vector<StoredVersion>>> present_versions(Uuid tenant, VersionQuery query) = 0;
    /// What records stood on before.
    virtual Task<Result<std::vector<StoredVersion>>> past_versions(Uuid tenant, VersionQuery query) = 0;

    /// Takes the connection's lease and opens a run with the cause `replay`; the schedule stays as it is.
    /// Errc::unavailable where somebody else holds the connection, Errc::conflict where it is being removed.
    virtual Task<Result<ReplayClaim>> begin_replay(Uuid tenant, Uuid connection, Uuid owner,
                                                   std::chrono::seconds lease) = 0;
    /// Closes the run and gives the lease back; health, freshness and schedule stay as they are.
    /// Errc::stale_owner where another owner took over.
    virtual Task<Result<void>> end_replay(Uuid tenant, ReplayClaim claim, ReplayOutcome outcome) = 0;
};

}  // namespace tributary::domain::ports
