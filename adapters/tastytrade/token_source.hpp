// The access token of one connection: fetched on demand, renewed before it ends, one request at a time
// however many callers wait for it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/tastytrade/request.hpp"
#include "adapters/tastytrade/token.hpp"
#include "domain/error.hpp"
#include "domain/ports/provider.hpp"
#include "domain/ports/task.hpp"

namespace tributary::tastytrade {

/// Used from one thread; must outlive the tasks it returned. The tools outlive it.
class TokenSource {
  public:
    TokenSource(const domain::ports::ProviderTools& tools, std::string origin, Credentials credentials);
    ~TokenSource();

    /// A token with at least a minute to live (or half its life, where that is shorter). A refusal that does
    /// not pass by itself is answered from memory ever after, because repeated failed logins get the whole
    /// address blocked.
    domain::ports::Task<domain::Result<std::string>> get();
    /// tastytrade refused this token before its time: the next get() fetches another. Ignored where another
    /// has already taken its place.
    void reject(std::string_view token);

  private:
    struct Refresh;
    class Leading;

    [[nodiscard]] bool is_fresh() const;
    domain::ports::Task<domain::Result<std::string>> lead();
    domain::ports::Task<domain::Result<std::string>> refresh();
    domain::ports::Task<domain::Result<domain::ports::Tokens>> ask(std::optional<domain::ports::Tokens> last);

    domain::ports::HttpTransport& transport_;
    domain::ports::Clock& clock_;
    /// Null where this session has the connection to itself.
    domain::ports::SharedTokens* shared_;
    std::string origin_;
    Credentials credentials_;
    std::optional<domain::ports::HeldTokens> held_;
    /// Absent: until the token is refused.
    std::optional<std::chrono::steady_clock::time_point> fresh_until_;
    /// tastytrade refused the token of this generation and all before it.
    std::optional<std::int64_t> refused_;
    std::optional<domain::Error> refusal_;
    /// The refresh in flight, which later callers join.
    std::shared_ptr<Refresh> running_;
};

}  // namespace tributary::tastytrade
