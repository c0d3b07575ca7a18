// Account groups made and closed at Upvest, and the memory of idempotency keys.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/sandbox/face/effects.hpp"
#include "tests/sandbox/face/face.hpp"
#include "tests/sandbox/world/clock.hpp"
#include "tests/sandbox/world/rng.hpp"
#include "tests/sandbox/world/world.hpp"

namespace tributary::sandbox {

class UpvestGroupChanges {
  public:
    /// All must outlive it.
    UpvestGroupChanges(World& world, const SandboxClock& clock, Effects& effects)
        : world_(world), clock_(clock), effects_(effects), ids_(world.seed, "upvest changes") {}

    /// POST /account_groups: 200 with the group, PENDING_APPROVAL. A key that was used gets its answer again,
    /// another body under it 422. A user may have any number of groups: this client asked for more.
    HttpReply create(const HttpRequest& request, const UpvestClient& client);
    /// DELETE /account_groups/{id}: 202 without a body; the group is CLOSING until finish_closing(). 409
    /// where it is neither ACTIVE nor PENDING_APPROVAL.
    HttpReply close(const HttpRequest& request, const UpvestClient& client, const std::string& id);
    /// Upvest's staff at work: a CLOSING group is CLOSED from now on; false where it is in another state.
    bool finish_closing(const std::string& id);
    /// Every group that is CLOSING.
    [[nodiscard]] std::vector<std::string> closing() const;

  private:
    struct Answered {
        std::string body;
        HttpReply reply;
    };

    HttpReply make_group(const HttpRequest& request, const UpvestClient& client);
    void set_status(const std::string& id, std::string_view status);

    World& world_;
    const SandboxClock& clock_;
    Effects& effects_;
    Rng ids_;
    /// By client and idempotency key.
    std::map<std::pair<std::string, std::string>, Answered> answered_;
};

}  // namespace tributary::sandbox
