// How much a run may remove by itself. A provider's bug, a lost permission or a half answer must not look
// like a thousand closed accounts. Pure.
#pragma once

#include <algorithm>
#include <cstddef>

namespace tributary::sync {

struct RemovalLimits {
    /// Share of a stream's live objects that one run may tombstone.
    double share = 0.20;
    /// So many may always go, whatever the share.
    std::size_t at_least = 5;
    /// Candidates that are confirmed by the provider's single-object read in one run.
    std::size_t confirmations = 50;
};

/// `confirmable`: each object is asked for by itself before it goes. Where that cannot be, a collection that
/// came back empty at once is more likely a fault of the provider than the end of everything in it.
inline bool removal_allowed(const RemovalLimits& limits, std::size_t candidates, std::size_t live,
                            bool confirmable = true) {
    if (!confirmable && candidates == live && live > 1) {
        return false;
    }
    const auto by_share = static_cast<std::size_t>(limits.share * static_cast<double>(live));
    return candidates <= std::max(limits.at_least, by_share);
}

}  // namespace tributary::sync
