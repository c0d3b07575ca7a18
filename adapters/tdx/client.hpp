// How to ask T-DX: one authorized request, repeated once with a new authorization where the first is refused.
#pragma once

#include <memory>
#include <string>

#include "adapters/tdx/authorizer.hpp"
#include "domain/error.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/http.hpp"

namespace tributary::tdx {

/// What is asked for.
struct Endpoint {
    /// Below `/api/rest/v1`, encoded.
    std::string path;
    /// Without '?', encoded.
    std::string query = {};
    /// Its name in error texts, without ids.
    std::string name;
};

class Client {
  public:
    /// Transport and clock outlive the client.
    Client(std::string origin, std::unique_ptr<Authorizer> authorizer,
           domain::ports::HttpTransport& transport, domain::ports::Clock& clock);

    /// The body of a successful answer; errors as answer.hpp has them.
    domain::ports::Task<domain::Result<std::string>> get(Endpoint endpoint);
    /// Sends a change; `body` is JSON text, or empty. Gives the body of a successful answer, which may be
    /// empty; errors as answer.hpp has them for changes.
    domain::ports::Task<domain::Result<std::string>> change(std::string method, Endpoint endpoint,
                                                            std::string body);

  private:
    [[nodiscard]] domain::ports::HttpCall call_of(std::string method, const Endpoint& endpoint) const;
    domain::ports::Task<domain::Result<domain::ports::HttpAnswer>> exchange(domain::ports::HttpCall call);
    domain::ports::Task<domain::Result<domain::ports::HttpAnswer>> send(const domain::ports::HttpCall& call);

    std::string origin_;
    std::unique_ptr<Authorizer> authorizer_;
    domain::ports::HttpTransport& transport_;
    domain::ports::Clock& clock_;
};

}  // namespace tributary::tdx
