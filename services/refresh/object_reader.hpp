// Reads the objects of one document by themselves and commits them, if nobody else does.
#pragma once

#include <chrono>
#include <functional>

#include "domain/ports/object_read_store.hpp"
#include "services/sync/tools.hpp"

namespace tributary::refresh {

/// How long a read has before it is somebody else's turn.
inline constexpr std::chrono::seconds claim_lasts{60};

/// What reading objects by themselves takes; borrowed, and outliving the reads.
struct ObjectTools {
    const sync::SyncTools& sync;
    domain::ports::ObjectReadStore& reads;
    /// Names the commit's cause.
    std::function<domain::Uuid()> new_id;
};

enum class Reading {
    done,       ///< read, by us or by somebody else, as well as that went
    needs_run,  ///< only a run can tell: one is under way, an object is gone, or the credentials are refused
};

/// What to read, and from when on it is fresh enough.
struct ObjectDemand {
    domain::Uuid tenant;
    domain::ports::ObjectKey key;
    domain::Timestamp not_before;
};

/// Never removes anything. Its tools outlive it, and their clock ends its sleeps where it is to stop.
domain::ports::Task<domain::Result<Reading>> read_objects(ObjectTools tools, ObjectDemand demand);

}  // namespace tributary::refresh
