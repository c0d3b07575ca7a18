// tastytrade's token endpoint and the tokens it gave out.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tests/sandbox/face/face.hpp"
#include "tests/sandbox/world/clock.hpp"
#include "tests/sandbox/world/rng.hpp"
#include "tests/sandbox/world/world.hpp"

namespace tributary::sandbox {

class TastytradeOauth {
  public:
    TastytradeOauth(const World& world, const SandboxClock& clock);

    /// POST /oauth/token: the refresh-token grant, as JSON or as a form. Its errors have an envelope of their
    /// own.
    HttpReply token(const HttpRequest& request);

    struct Bearer {
        std::string login;
        /// Space separated.
        std::string scope;
    };

    /// Whom the Authorization header speaks for; nothing where it is missing, unknown or older than 15
    /// minutes.
    [[nodiscard]] std::optional<Bearer> bearer(const HttpRequest& request) const;

  private:
    struct Issued {
        Bearer bearer;
        domain::Timestamp born;
    };

    const World& world_;
    const SandboxClock& clock_;
    Rng rng_;
    std::map<std::string, Issued, std::less<>> issued_;
};

}  // namespace tributary::sandbox
