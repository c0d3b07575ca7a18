// The access token of one session: asked for when it is needed, kept until shortly before it ends, and asked
// for once however many requests wait for it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
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
    /// A refusal that does not pass by itself is answered from memory ever after: asking again with the same
    /// credentials only gets the client blocked.
    domain::ports::Task<domain::Result<std::string>> get();
    /// Upvest refused this token. One that came after it stays.
    void drop(const std::string& token);

  private:
    struct Flight;

    domain::ports::Task<domain::Result<std::string>> fetch();
    domain::ports::Task<domain::Result<std::string>> renew();
    domain::ports::Task<domain::Result<domain::ports::Tokens>> ask();

    Requester& requester_;
    std::optional<domain::ports::HeldTokens> held_;
    /// Absent: until the token is refused.
    std::optional<std::chrono::steady_clock::time_point> good_until_;
    /// Upvest refused the token of this generation and all before it.
    std::optional<std::int64_t> refused_;
    /// Why asking for a token is of no use, once Upvest has said so.
    std::optional<domain::Error> refusal_;
    /// The call under way, shared with those who wait for it.
    std::shared_ptr<Flight> flight_;
};

}  // namespace tributary::upvest
