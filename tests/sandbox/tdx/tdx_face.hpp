// T-DX: users, client account, sub-accounts and attributes, read and where it lets them be changed, behind
// API keys or bearer tokens.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/sandbox/face/face.hpp"
#include "tests/sandbox/tdx/sessions.hpp"
#include "tests/sandbox/tdx/signature.hpp"
#include "tests/sandbox/tdx/user_changes.hpp"

namespace tributary::sandbox {

class TdxFace final : public Face {
  public:
    /// All must outlive the face.
    TdxFace(World& world, const SandboxClock& clock, Effects& effects)
        : world_(world),
          sessions_(world, clock),
          signatures_(world, clock),
          changes_(world, clock, effects) {}

    [[nodiscard]] std::string_view provider() const override { return "tdx"; }

    HttpReply answer(const HttpRequest& request) override;
    [[nodiscard]] std::string path_template(std::string_view path) const override;

  private:
    struct Caller {
        const TdxLogin* login;
        const Item* user;
    };

    const TdxLogin* authenticate(const HttpRequest& request);
    [[nodiscard]] HttpReply read(const HttpRequest& request, const Caller& caller, std::string_view route,
                                 const std::vector<std::string>& ids) const;
    /// Nothing where the route takes no such method.
    std::optional<HttpReply> change(const HttpRequest& request, const std::string& user,
                                    std::string_view route, const std::vector<std::string>& ids);
    [[nodiscard]] HttpReply users(const HttpRequest& request, const Caller& caller) const;
    [[nodiscard]] HttpReply users_of(const HttpRequest& request, const Caller& caller,
                                     const std::string& id) const;
    [[nodiscard]] HttpReply sub_account(const Caller& caller, const std::string& id) const;
    [[nodiscard]] HttpReply attributes(const HttpRequest& request, Kind kind, const std::string& parent,
                                       const std::vector<std::string>& ids) const;

    const World& world_;
    TdxSessions sessions_;
    TdxSignatureCheck signatures_;
    TdxUserChanges changes_;
};

}  // namespace tributary::sandbox
