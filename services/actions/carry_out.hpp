// Takes one claimed action as far as it gets.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "domain/ports/action_store.hpp"
#include "services/actions/verdict.hpp"
#include "services/sync/tools.hpp"

namespace tributary::actions {

/// Borrowed; all outlive the work.
struct ActionTools {
    sync::SyncTools sync;
    domain::ports::ActionStore& store;
    /// A connection is due now. May be empty.
    std::function<void()> wake = {};
    /// Told of every action that ended here: kind, and its error's code or "succeeded". May be empty.
    std::function<void(std::string_view, std::string_view)> on_ended = {};
    Patience patience = {};
};

/// Whether whoever carries an action out may go on.
struct Going {
    /// False where it is to be left for the next owner soon.
    std::function<bool()> keep_going;
    /// False where another owner may have it already: nothing leaves any more.
    std::function<bool()> owned;
};

/// Sends it, looks for its effect, or asks for the run that it owes; stores what came of it. An Error means
/// that nothing more was stored: the action went to another owner (Errc::stale_owner), or waits for its lease
/// to end.
domain::ports::Task<domain::Result<void>> carry_out(ActionTools tools, domain::ports::ClaimedAction action,
                                                    Going going);

}  // namespace tributary::actions
