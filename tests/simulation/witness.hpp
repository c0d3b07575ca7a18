// What every walk really was asked and told, written down where the requests arrive. The checks believe this
// and not the engine.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "domain/time.hpp"
#include "domain/uuid.hpp"
#include "tests/simulation/timeline.hpp"

namespace tributary::simulation {

/// One walk of one stream by one process: from its latest first page on.
struct WitnessedWalk {
    /// When the first page was asked for: as it reached the bank, and on the process' wall clock as it was
    /// sent.
    Instant started{0};
    domain::Timestamp asked;
    Instant last_answer{0};
    /// Its first page was asked for, not only what followed where another owner had stopped.
    bool from_the_start = false;
    /// From the start to a page after which nothing more comes.
    bool whole = false;
    /// Keys handed over.
    std::set<std::string> keys;
};

struct Fetch {
    /// When its latest page arrived.
    Instant at{0};
    /// It ended a whole walk.
    bool whole = false;
};

class Witness {
  public:
    using WalkId = std::tuple<ProcessId, domain::Uuid, std::string>;
    using StreamId = std::pair<domain::Uuid, std::string>;

    WitnessedWalk& walk(ProcessId process, const domain::Uuid& connection, const std::string& stream) {
        return walks_[{process, connection, stream}];
    }

    [[nodiscard]] const WitnessedWalk* find(ProcessId process, const domain::Uuid& connection,
                                            const std::string& stream) const {
        const auto found = walks_.find({process, connection, stream});
        return found == walks_.end() ? nullptr : &found->second;
    }

    /// A page arrived of a walk whose first one was asked for when its process' wall clock showed `wall`.
    void fetched(const domain::Uuid& connection, const std::string& stream, domain::Timestamp wall,
                 Fetch fetch) {
        fetches_[{connection, stream}][wall] = fetch;
    }

    /// The walk that would bear this time; nothing where none does.
    [[nodiscard]] std::optional<Fetch> fetch_at(const domain::Uuid& connection, const std::string& stream,
                                                domain::Timestamp wall) const {
        const auto of_stream = fetches_.find({connection, stream});
        if (of_stream == fetches_.end()) {
            return std::nullopt;
        }
        const auto found = of_stream->second.find(wall);
        return found == of_stream->second.end() ? std::nullopt : std::optional(found->second);
    }

  private:
    std::map<WalkId, WitnessedWalk> walks_;
    std::map<StreamId, std::map<domain::Timestamp, Fetch>> fetches_;
};

}  // namespace tributary::simulation
