// Asks tastytrade with a valid token. Knows the headers, the token's life and what a refusal means; knows
// nothing of what the answers hold.
#pragma once

#include <string>
#include <string_view>

#include "adapters/tastytrade/request.hpp"
#include "adapters/tastytrade/token_source.hpp"
#include "domain/error.hpp"
#include "domain/ports/provider.hpp"
#include "domain/ports/task.hpp"

namespace tributary::tastytrade {

/// Used from one thread; must outlive the tasks it returned. The tools outlive it.
class Client {
  public:
    Client(const domain::ports::ProviderTools& tools, std::string origin, Credentials credentials);

    /// The body of a 200. `endpoint` names it in errors, which never show the target: it may hold an account
    /// number. A token refused before its time is renewed once, and the read repeated once.
    domain::ports::Task<domain::Result<std::string>> get(std::string target, std::string_view endpoint);

  private:
    domain::ports::HttpTransport& transport_;
    domain::ports::Clock& clock_;
    std::string origin_;
    TokenSource tokens_;
};

}  // namespace tributary::tastytrade
