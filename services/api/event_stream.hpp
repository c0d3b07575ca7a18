// Changes as server-sent events, for as long as somebody reads them and may.
#pragma once

#include <memory>
#include <string>

#include "services/api/change_routes.hpp"

namespace tributary::api {

/// What a stream of events is about.
struct EventQuestion {
    domain::Uuid tenant;
    domain::ports::ChangeQuery query;
    Variant variant = Variant::masked;
    /// The Authorization field that the stream was asked for with.
    std::string credentials;
    /// What was read already.
    domain::ports::ChangePage first;
    std::shared_ptr<void> slot;
};

/// The tools are borrowed and outlive it. It ends by itself when the credentials are good no more, when the
/// position falls behind what is kept, and after an hour: readers come again with Last-Event-ID.
std::shared_ptr<domain::ports::ReplyStream> event_stream(const ChangeTools& tools, EventQuestion question);

}  // namespace tributary::api
