// T-DX logins with username, password and one-time password, and the sessions they open.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "tests/sandbox/face/face.hpp"
#include "tests/sandbox/world/clock.hpp"
#include "tests/sandbox/world/rng.hpp"
#include "tests/sandbox/world/world.hpp"

namespace tributary::sandbox {

class TdxSessions {
  public:
    static constexpr std::chrono::seconds access_life{3600};
    static constexpr std::chrono::seconds session_life{7 * 24 * 3600};

    TdxSessions(const World& world, const SandboxClock& clock);

    /// POST /users/authentication/login. A one-time password is taken once; a login with a device id ends the
    /// user's earlier sessions.
    HttpReply login(const HttpRequest& request);
    /// POST /users/authentication/refresh. The refresh token is replaced; the session does not get longer.
    HttpReply refresh(const HttpRequest& request);
    /// The login behind a bearer token; nullptr where it is unknown or its access or session time is over.
    [[nodiscard]] const TdxLogin* bearer(std::string_view token) const;

  private:
    struct Session {
        const TdxLogin* login = nullptr;
        domain::Timestamp opened;
        domain::Timestamp access_given;
        std::string access_token;
        std::string refresh_token;
    };

    bool take_challenge(const TdxLogin& login, const std::string& challenge);
    void renew(Session& session);
    [[nodiscard]] HttpReply describe(const Session& session) const;

    const World& world_;
    const SandboxClock& clock_;
    Rng rng_;
    std::vector<Session> sessions_;
    /// The last 30-second step a user's one-time password was taken from; older ones are never taken again.
    std::map<std::string, std::int64_t> last_step_;
};

}  // namespace tributary::sandbox
