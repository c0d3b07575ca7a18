// Upvest's Investment API: account groups, accounts and users, groups made and closed, behind signed requests
// and scoped tokens.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "tests/sandbox/face/face.hpp"
#include "tests/sandbox/upvest/group_changes.hpp"
#include "tests/sandbox/upvest/signature.hpp"
#include "tests/sandbox/upvest/subscriptions.hpp"
#include "tests/sandbox/upvest/tokens.hpp"
#include "tests/sandbox/upvest/webhook_signer.hpp"

namespace tributary::sandbox {

class UpvestFace final : public Face {
  public:
    /// All must outlive the face.
    UpvestFace(World& world, const SandboxClock& clock, Effects& effects)
        : world_(world),
          signatures_(world, clock),
          tokens_(world, clock),
          changes_(world, clock, effects),
          subscriptions_(world.seed, clock),
          signer_(world.seed, clock) {}

    [[nodiscard]] Subscriptions& subscriptions() { return subscriptions_; }

    [[nodiscard]] WebhookSigner& signer() { return signer_; }

    [[nodiscard]] UpvestGroupChanges& changes() { return changes_; }

    [[nodiscard]] std::string_view provider() const override { return "upvest"; }

    HttpReply answer(const HttpRequest& request) override;
    [[nodiscard]] std::string path_template(std::string_view path) const override;

  private:
    HttpReply judge(const HttpRequest& request);
    /// Keys and subscriptions; webhooks:* opens them, webhooks:admin changes.
    HttpReply about_webhooks(const HttpRequest& request, const UpvestClient& client,
                             const std::set<std::string>& scopes);
    /// Makes or closes an account group; accounts:admin opens it.
    HttpReply change(const HttpRequest& request, const UpvestClient& client,
                     const std::set<std::string>& scopes);
    [[nodiscard]] HttpReply read(const HttpRequest& request, const UpvestClient& client,
                                 const std::set<std::string>& scopes) const;
    [[nodiscard]] HttpReply list(const HttpRequest& request, Kind kind, const UpvestClient& client) const;
    [[nodiscard]] HttpReply object(const HttpRequest& request, Kind kind, const UpvestClient& client,
                                   const std::string& id) const;
    /// The groups or accounts that name the user.
    [[nodiscard]] HttpReply list_of_user(const HttpRequest& request, Kind kind, const UpvestClient& client,
                                         const std::string& user) const;

    const World& world_;
    UpvestSignatureCheck signatures_;
    UpvestTokens tokens_;
    UpvestGroupChanges changes_;
    Subscriptions subscriptions_;
    WebhookSigner signer_;
};

}  // namespace tributary::sandbox
