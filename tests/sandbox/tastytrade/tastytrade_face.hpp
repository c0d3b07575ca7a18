// tastytrade's certification environment: OAuth, the customer and the accounts.
#pragma once

#include "tests/sandbox/face/face.hpp"
#include "tests/sandbox/tastytrade/oauth.hpp"

namespace tributary::sandbox {

class TastytradeFace final : public Face {
  public:
    /// Both must outlive the face.
    TastytradeFace(const World& world, const SandboxClock& clock) : world_(world), oauth_(world, clock) {}

    [[nodiscard]] std::string_view provider() const override { return "tastytrade"; }

    HttpReply answer(const HttpRequest& request) override;
    [[nodiscard]] std::string path_template(std::string_view path) const override;

  private:
    [[nodiscard]] HttpReply customer(const HttpRequest& request, const std::string& login) const;
    [[nodiscard]] HttpReply accounts(const HttpRequest& request, const std::string& login) const;
    [[nodiscard]] HttpReply account(const HttpRequest& request, const std::string& login,
                                    const std::string& number) const;

    const World& world_;
    TastytradeOauth oauth_;
};

/// One element of the account list as this login sees it: {"account": ..., "authority-level": ...}; nothing
/// where the account is gone. `access` is an item of Kind::tastytrade_access.
std::optional<json::Object> listed_account(const World& world, const Item& access);

}  // namespace tributary::sandbox
