// How to ask Upvest: a token on demand, a signature on every request, one second chance after a 401.
#pragma once

#include <string>

#include "adapters/upvest/refusal.hpp"
#include "adapters/upvest/requester.hpp"
#include "adapters/upvest/token.hpp"
#include "domain/error.hpp"
#include "domain/ports/task.hpp"

namespace tributary::upvest {

/// Used from one thread. Outlives the tasks it returned.
class Client {
  public:
    explicit Client(Requester requester) : requester_(std::move(requester)) {}

    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// The body of a 200 answer to GET `target` (path and query).
    domain::ports::Task<domain::Result<std::string>> get(std::string target, Subject subject);

  private:
    Requester requester_;
    TokenSource tokens_{requester_};
};

}  // namespace tributary::upvest
