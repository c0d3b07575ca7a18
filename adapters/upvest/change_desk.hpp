// Changes at Upvest: account groups made and closed.
#pragma once

#include <string>

#include "adapters/upvest/change_arguments.hpp"
#include "adapters/upvest/client.hpp"
#include "domain/ports/provider.hpp"

namespace tributary::upvest {

/// Reads what it needs through the session, so that its pages are those of read(). Outlives the tasks it
/// returned, and is outlived by both. The token needs `accounts:admin`.
class ChangeDesk final : public domain::ports::ActionDesk {
  public:
    ChangeDesk(Client& client, domain::ports::ProviderSession& session)
        : client_(client), session_(session) {}

    domain::ports::Task<domain::Result<domain::ports::ActionEffect>> perform(
        domain::ports::ActionOrder order) override;
    domain::ports::Task<domain::Result<domain::ports::ActionEffect>> look(
        domain::ports::ActionOrder order) override;

  private:
    using EffectTask = domain::ports::Task<domain::Result<domain::ports::ActionEffect>>;

    EffectTask create(std::string user, CreationOrder order, std::string idempotency_key);
    EffectTask close(std::string group, ClosureOrder order);
    /// The group, and whether it is closing or closed.
    EffectTask see(std::string group);

    Client& client_;
    domain::ports::ProviderSession& session_;
};

/// The key that Upvest knows an action by. Its pattern takes UUIDs of up to version 5, and ours are of
/// version 7: so version 5 of the action's id, the same at every attempt. Upvest, idempotency.
std::string idempotency_key_of(const domain::Uuid& action);

}  // namespace tributary::upvest
