// Sends one signed request to Upvest.
#pragma once

#include <string>

#include "adapters/upvest/login.hpp"
#include "domain/error.hpp"
#include "domain/ports/http.hpp"
#include "domain/ports/provider.hpp"
#include "domain/ports/task.hpp"

namespace tributary::upvest {

/// What to ask, without what every request carries.
struct Ask {
    std::string method = "GET";
    /// Path and query.
    std::string target;
    /// JSON text; empty: none.
    std::string body = {};
    /// A UUID by which Upvest knows a creation again; empty: none.
    std::string idempotency_key = {};
};

/// Outlives the tasks it returned, and is outlived by the tools.
class Requester {
  public:
    Requester(std::string origin, Login login, domain::ports::ProviderTools tools);

    /// POST /auth/token with the client's credentials. Upvest, OAuth.
    domain::ports::Task<domain::Result<domain::ports::HttpAnswer>> ask_for_token();
    /// A call of a path and query under a bearer token; a body, where there is one, is JSON.
    domain::ports::Task<domain::Result<domain::ports::HttpAnswer>> send(Ask ask, std::string token);

    [[nodiscard]] domain::ports::Clock& clock() const { return tools_.clock; }

    /// Null where this session has the connection to itself.
    [[nodiscard]] domain::ports::SharedTokens* shared_tokens() const { return tools_.tokens; }

  private:
    void sign_now(domain::ports::HttpCall& call);

    std::string origin_;
    Login login_;
    domain::ports::ProviderTools tools_;
};

}  // namespace tributary::upvest
