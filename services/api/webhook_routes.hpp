// What providers send us, and what became of it, over REST.
#pragma once

#include <optional>

#include "domain/ports/webhook_store.hpp"
#include "services/api/request_context.hpp"
#include "services/webhooks/deliveries.hpp"

namespace tributary::api {

/// Borrowed; both outlive the routes.
struct WebhookTools {
    const webhooks::Deliveries& deliveries;
    domain::ports::WebhookStore& store;
};

class WebhookRoutes {
  public:
    explicit WebhookRoutes(WebhookTools tools) : tools_(tools) {}

    /// The answer to what cannot be a delivery, by its header block alone.
    [[nodiscard]] std::optional<domain::ports::HttpReply> refusal(
        const RequestContext& context, const domain::ports::HttpRequest& head) const;
    /// 200 once all events are stored; 401 for whatever is not proved, without saying why; 400 for what is no
    /// delivery; 503 where it could not be stored.
    domain::ports::Task<domain::ports::HttpReply> receive(RequestContext context,
                                                          domain::ports::HttpRequest request);
    /// How many events of a connection wait, were applied, and were not, and why.
    domain::ports::Task<domain::ports::HttpReply> inbox(RequestContext context);

  private:
    WebhookTools tools_;
};

}  // namespace tributary::api
