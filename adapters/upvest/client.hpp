// How to ask Upvest: a token on demand, a signature on every request, one second chance after a 401.
#pragma once

#include <set>
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
    /// The body of the answer to a call that may change something: any of 200, 201, 202 and 204.
    domain::ports::Task<domain::Result<std::string>> call(Ask ask, Subject subject);

  private:
    domain::ports::Task<domain::Result<std::string>> send(Ask ask, Subject subject, std::set<int> successes);

    Requester requester_;
    TokenSource tokens_{requester_};
};

}  // namespace tributary::upvest
