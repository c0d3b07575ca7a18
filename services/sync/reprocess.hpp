// Decodes a quarantined object again, with the decoder of today.
#pragma once

#include <cstdint>
#include <string>

#include "domain/ports/connection_store.hpp"
#include "domain/ports/quarantine_store.hpp"
#include "domain/ports/sealer.hpp"
#include "services/sync/providers.hpp"

namespace tributary::sync {

/// Borrowed; all outlive the work.
struct ReprocessTools {
    domain::ports::QuarantineStore& quarantine;
    domain::ports::ConnectionStore& connections;
    domain::ports::PageStore& pages;
    domain::ports::Sealer& sealer;
    const Providers& providers;
};

struct Reprocessed {
    domain::Uuid id;
    domain::ports::StreamRef stream;
    /// stored; or superseded: what is stored of the object is as new or newer, and stays.
    std::string outcome;
};

/// Takes the object out of quarantine and commits it as a page of its own, unless something as new is stored
/// of it already. Where it cannot be decoded it stays, with the reason: Errc::conflict. So also while a run
/// of the connection is under way, or where the object was removed since: only a run can tell whether it is
/// back.
domain::ports::Task<domain::Result<Reprocessed>> reprocess(ReprocessTools tools, domain::Uuid tenant,
                                                           domain::Uuid id);

}  // namespace tributary::sync
