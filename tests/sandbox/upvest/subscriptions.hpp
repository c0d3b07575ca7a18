// Upvest's webhook subscriptions: who wants which events where.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "domain/json/value.hpp"
#include "tests/sandbox/face/errand.hpp"
#include "tests/sandbox/upvest/webhook_signer.hpp"
#include "tests/sandbox/world/world.hpp"

namespace tributary::sandbox {

class Subscriptions {
  public:
    Subscriptions(std::uint64_t seed, const SandboxClock& clock)
        : clock_(clock), rng_(seed, "subscriptions") {}

    /// A request below /webhooks whose signature and scopes were checked. A trial leaves an errand behind.
    HttpReply answer(const HttpRequest& request, const UpvestClient& client, WebhookSigner& signer);
    /// The errand of the last answer, once.
    std::optional<Errand> take_errand();
    /// The URL of a client's first enabled subscription; empty where there is none.
    [[nodiscard]] std::string enabled_url(const std::string& client) const;
    /// The id of the subscription for a URL, a named client's or, with no name, anybody's; empty where there
    /// is none.
    [[nodiscard]] std::string id_of(const std::string& url, const std::string& client) const;

  private:
    struct Subscription {
        std::string client;
        json::Object object;
    };

    HttpReply list(const HttpRequest& request, const UpvestClient& client) const;
    HttpReply create(const HttpRequest& request, const UpvestClient& client);
    HttpReply change(const HttpRequest& request, Subscription& subscription) const;
    HttpReply try_out(const Subscription& subscription, WebhookSigner& signer);

    const SandboxClock& clock_;
    Rng rng_;
    std::map<std::string, Subscription> by_id_;
    std::optional<Errand> errand_;
};

/// The path of a URL on loopback; nothing of any other.
std::optional<std::string> loopback_path(std::string_view url);

}  // namespace tributary::sandbox
