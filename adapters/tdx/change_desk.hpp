// Changes at T-DX: preferences and attributes of the owner of the credentials, the only user whom its API
// lets anybody write.
#pragma once

#include <optional>
#include <string>

#include "adapters/tdx/change_arguments.hpp"
#include "adapters/tdx/client.hpp"
#include "domain/ports/provider.hpp"

namespace tributary::tdx {

/// Reads what it needs through the session, so that its pages are those of fetch() and read(). Outlives the
/// tasks it returned, and is outlived by both.
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

    EffectTask put_preferences(std::string profile, PreferencesOrder order);
    EffectTask look_for_preferences(std::string profile, PreferencesOrder order);
    EffectTask put_attribute(std::string profile, AttributeOrder order);
    EffectTask look_for_attribute(std::string profile, AttributeOrder order);
    EffectTask delete_attribute(std::string id);
    EffectTask look_for_deletion(std::string id);
    /// permission_denied where the credentials are another user's.
    domain::ports::Task<domain::Result<void>> must_own(std::string profile);
    /// The preferences, and whether they are as ordered.
    EffectTask see_preferences(PreferencesOrder order);
    /// The attributes at the order's place, and whether one is as ordered.
    EffectTask see_attribute(AttributeOrder order);

    Client& client_;
    domain::ports::ProviderSession& session_;
    /// As /users/me told this session: what earlier runs learned may be of credentials since replaced.
    std::optional<domain::SelfIds> owner_;
};

}  // namespace tributary::tdx
