// One connection's conversation with tastytrade, as the port asks for it.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "adapters/tastytrade/client.hpp"
#include "adapters/tastytrade/identity.hpp"
#include "domain/ports/provider.hpp"

namespace tributary::tastytrade {

class Session final : public domain::ports::ProviderSession {
  public:
    Session(const domain::ports::ConnectionContext& context, Credentials credentials,
            const domain::ports::ProviderTools& tools);

    /// Of every connection.
    static std::span<const domain::ports::StreamFacts> stream_facts();

    [[nodiscard]] std::span<const domain::ports::StreamFacts> streams() const override {
        return stream_facts();
    }

    domain::ports::Task<domain::Result<domain::Page>> fetch(const std::string& stream,
                                                            domain::ports::PageRequest request) override;
    domain::ports::Task<domain::Result<domain::Page>> read(const std::string& stream,
                                                           const std::string& provider_id) override;

  private:
    domain::ports::Task<domain::Result<domain::Page>> fetch_customer();
    domain::ports::Task<domain::Result<domain::Page>> fetch_accounts();
    /// What a refused read of one account means. 403 is the answer both to a token that lost its scope and to
    /// an account that the customer no longer reaches; only the list tells them apart.
    domain::ports::Task<domain::Error> explain_refusal(domain::Error refusal, std::string number);
    /// The provider id of `me`. Asks for the customer where no answer has told it yet.
    domain::ports::Task<domain::Result<std::string>> own_profile();

    Client client_;
    Identity identity_;
};

}  // namespace tributary::tastytrade
