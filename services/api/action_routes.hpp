// Changes at providers over REST: asked for under a key, carried out elsewhere, waited for a while.
#pragma once

#include <chrono>
#include <expected>
#include <functional>

#include "domain/ports/action_store.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/sealer.hpp"
#include "services/api/action_request.hpp"
#include "services/sync/providers.hpp"

namespace tributary::api {

/// Borrowed; all outlive the routes.
struct ActionTools {
    domain::ports::ActionStore& store;
    domain::ports::Sealer& sealer;
    const sync::Providers& providers;
    domain::ports::Clock& clock;
    std::function<domain::Uuid()> new_id;
    /// An action is due: whoever carries them out in this process should look now. Any thread.
    std::function<void()> wake;
    /// Nobody waits any longer where this says no: the service is to stop. May be empty.
    std::function<bool()> keep_waiting = {};
    /// How long whoever asks waits for the end of it.
    std::chrono::milliseconds longest_wait{20'000};
    /// How long a key stands for what was asked under it.
    std::chrono::seconds key_lasts{24 * 3600};
};

class ActionRoutes {
  public:
    explicit ActionRoutes(ActionTools tools);

    /// Any of the changes.
    domain::ports::Task<domain::ports::HttpReply> change(RequestContext context);
    domain::ports::Task<domain::ports::HttpReply> list(RequestContext context);
    domain::ports::Task<domain::ports::HttpReply> object(RequestContext context);

  private:
    /// The action to begin, or why there is none to begin.
    domain::ports::Task<std::expected<domain::ports::NewAction, domain::ports::HttpReply>> prepare(
        const RequestContext& context, ActionRequest request);
    domain::ports::Task<domain::ports::HttpReply> wait_for(const RequestContext& context,
                                                           domain::ports::ActionView begun);

    ActionTools tools_;
};

}  // namespace tributary::api
