// Upvest's token call and the tokens it gave out.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "tests/sandbox/face/face.hpp"
#include "tests/sandbox/world/clock.hpp"
#include "tests/sandbox/world/rng.hpp"
#include "tests/sandbox/world/world.hpp"

namespace tributary::sandbox {

class UpvestTokens {
  public:
    UpvestTokens(const World& world, const SandboxClock& clock)
        : clock_(clock), rng_(world.seed, "upvest tokens") {}

    /// POST /auth/token of a request whose signature was checked: the client-credentials grant.
    HttpReply token(const HttpRequest& request, const UpvestClient& client);
    /// The scopes of the request's bearer token; nothing where it is missing, unknown, another client's or
    /// too old.
    [[nodiscard]] std::optional<std::set<std::string>> scopes(const HttpRequest& request,
                                                              const UpvestClient& client) const;

  private:
    struct Issued {
        std::string client_id;
        std::set<std::string> scopes;
        domain::Timestamp born;
    };

    const SandboxClock& clock_;
    Rng rng_;
    std::map<std::string, Issued, std::less<>> issued_;
};

}  // namespace tributary::sandbox
