// Upvest's calls about webhooks: the keys it signs with, and the subscriptions of a client.
#pragma once

#include "adapters/upvest/client.hpp"
#include "domain/ports/webhooks.hpp"

namespace tributary::upvest {

/// Outlives the tasks it returned, and is outlived by the client.
class Desk final : public domain::ports::WebhookDesk {
  public:
    explicit Desk(Client& client) : client_(client) {}

    domain::ports::Task<domain::Result<std::vector<domain::ports::WebhookKey>>> keys() override;
    domain::ports::Task<domain::Result<std::vector<domain::ports::WebhookSubscription>>> subscriptions()
        override;
    domain::ports::Task<domain::Result<domain::ports::WebhookSubscription>> subscribe(
        std::string url, std::string title) override;
    domain::ports::Task<domain::Result<domain::ports::WebhookTrial>> try_out(
        std::string subscription) override;
    domain::ports::Task<domain::Result<void>> unsubscribe(std::string subscription) override;

  private:
    domain::ports::Task<domain::Result<domain::ports::WebhookSubscription>> enable(std::string id);

    Client& client_;
};

}  // namespace tributary::upvest
