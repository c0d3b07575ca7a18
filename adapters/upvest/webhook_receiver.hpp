// Upvest's deliveries behind the port: whose key, whether authentic, which events.
#pragma once

#include "domain/ports/webhooks.hpp"

namespace tributary::upvest {

/// `{"payload": [{"id", "created_at", "type", "object", "webhook_id"}]}`: several events in one delivery,
/// each with the whole object as it was then. Upvest, webhooks handler.
class UpvestWebhooks final : public domain::ports::WebhookReceiver {
  public:
    [[nodiscard]] domain::Result<std::string> key_id(
        const domain::ports::HttpRequest& delivery) const override;
    [[nodiscard]] domain::Result<void> verify(const domain::ports::HttpRequest& delivery,
                                              const domain::ports::WebhookKey& key, domain::Timestamp now,
                                              std::chrono::seconds tolerance) const override;
    [[nodiscard]] std::vector<domain::ports::WebhookEvent> events(std::string_view body) const override;
    [[nodiscard]] domain::Result<domain::ports::WebhookSnapshot> snapshot(
        const std::string& stream, std::string_view payload) const override;
};

}  // namespace tributary::upvest
