// The access token of one session: asked for when it is needed, kept until shortly before it ends, and asked
// for once however many requests wait for it.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "adapters/upvest/requester.hpp"
#include "domain/error.hpp"
#include "domain/ports/task.hpp"

namespace tributary::upvest {

/// Used from one thread. Outlives the tasks it returned.
class TokenSource {
  public:
    explicit TokenSource(Requester& requester) : requester_(requester) {}

    /// A token that should still be good. While a call for one is under way, everybody waits for its outcome.
    domain::ports::Task<domain::Result<std::string>> get();
    /// Upvest refused this token. One that came after it stays.
    void drop(const std::string& token);

  private:
    struct Flight;

    domain::ports::Task<domain::Result<std::string>> fetch();

    Requester& requester_;
    std::string token_;
    std::chrono::steady_clock::time_point good_until_;
    /// The call under way, shared with those who wait for it.
    std::shared_ptr<Flight> flight_;
};

}  // namespace tributary::upvest
