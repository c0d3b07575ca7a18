// The feed of changes: page by page, waiting for what is yet to come, or as server-sent events.
#pragma once

#include <functional>

#include "domain/ports/change_store.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/feed_signal.hpp"
#include "services/api/event_slots.hpp"
#include "services/api/request_context.hpp"

namespace tributary::api {

/// All are borrowed and outlive the routes and every stream that they gave out.
struct ChangeTools {
    domain::ports::ChangeStore& store;
    domain::ports::FeedSignal& signal;
    const domain::ports::Clock& clock;
    /// Whether these credentials (an Authorization field) still may read this tenant's data.
    std::function<domain::ports::Task<bool>(std::string credentials, domain::Uuid tenant)> may_still_read;
};

class ChangeRoutes {
  public:
    explicit ChangeRoutes(ChangeTools tools) : tools_(std::move(tools)) {}

    domain::ports::Task<domain::ports::HttpReply> changes(RequestContext context);

  private:
    domain::ports::Task<domain::ports::HttpReply> page(RequestContext context,
                                                       domain::ports::ChangeQuery query,
                                                       std::chrono::milliseconds wait);
    domain::ports::Task<domain::ports::HttpReply> events(RequestContext context,
                                                         domain::ports::ChangeQuery query);

    ChangeTools tools_;
    EventSlots slots_;
};

}  // namespace tributary::api
