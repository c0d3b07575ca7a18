// A provider for requests that are only read.
#pragma once

#include "domain/ports/provider.hpp"

namespace tributary::tests {

/// Wants the credential `token`, which may not begin with "refuse me", and no setting.
class FakeProvider final : public domain::ports::Provider {
  public:
    [[nodiscard]] std::string_view name() const override { return "fake"; }

    [[nodiscard]] std::vector<domain::Error> check(const json::Object& settings,
                                                   const json::Object& credentials) const override {
        std::vector<domain::Error> faults;
        const json::Value* token = json::find(credentials, "token");
        if (token == nullptr) {
            faults.push_back({domain::Errc::invalid_input, "A token is required.", "/credentials/token"});
        } else if (token->if_string() != nullptr && token->if_string()->starts_with("refuse me")) {
            faults.push_back({domain::Errc::invalid_input, "This is no token.", "/credentials/token"});
        }
        if (!settings.empty()) {
            faults.push_back(
                {domain::Errc::invalid_input, "There are no settings.", "/settings/" + settings.front().key});
        }
        return faults;
    }

    [[nodiscard]] domain::Result<domain::Page> decode(std::string_view, const json::Value&,
                                                      const domain::SelfIds&) const override {
        return domain::fail(domain::Errc::invalid_input, "There are no streams.");
    }

    [[nodiscard]] domain::Result<std::unique_ptr<domain::ports::ProviderSession>> open(
        domain::ports::ConnectionContext, domain::ports::ProviderTools) const override {
        return domain::fail(domain::Errc::internal, "Not opened here.");
    }
};

}  // namespace tributary::tests
