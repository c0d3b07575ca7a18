// One connection's conversation with T-DX: which endpoint serves which stream, and who `me` is.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "adapters/tdx/change_desk.hpp"
#include "adapters/tdx/client.hpp"
#include "domain/ports/provider.hpp"

namespace tributary::tdx {

class Session final : public domain::ports::ProviderSession {
  public:
    /// `known` is what earlier runs learned; answers of this session go before it.
    Session(Client client, domain::SelfIds known);

    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    [[nodiscard]] std::span<const domain::ports::StreamFacts> streams() const override;
    domain::ports::Task<domain::Result<domain::Page>> fetch(const std::string& stream,
                                                            domain::ports::PageRequest request) override;
    /// Besides the streams with single reads: `users_by_sub_account`, every user with access to that
    /// sub-account.
    domain::ports::Task<domain::Result<domain::Page>> read(const std::string& stream,
                                                           const std::string& provider_id) override;

    [[nodiscard]] domain::ports::ActionDesk* actions() override { return &desk_; }

  private:
    using Decoder = std::function<domain::Result<domain::Page>(std::string_view body)>;
    using PageTask = domain::ports::Task<domain::Result<domain::Page>>;

    PageTask ask(Endpoint endpoint, Decoder decode);
    PageTask fetch_own_user();
    PageTask fetch_client_account();
    PageTask fetch_self(domain::EntityKind kind);
    PageTask fetch_preferences();
    PageTask fetch_attributes(domain::EntityKind owner, std::string query, std::uint32_t limit);
    PageTask read_sub_account(std::string id);
    PageTask read_attribute(domain::EntityKind owner, std::string id);
    PageTask read_users_of(std::string sub_account);
    domain::ports::Task<domain::Result<domain::EntityRef>> self_as(domain::EntityKind kind);
    [[nodiscard]] std::optional<std::string> known_self(domain::EntityKind kind) const;
    void learn(domain::SelfIds& self);

    Client client_;
    domain::SelfIds known_;
    /// From answers of this session alone.
    domain::SelfIds learned_;
    ChangeDesk desk_{client_, *this};
};

}  // namespace tributary::tdx
