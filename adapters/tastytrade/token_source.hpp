// The access token of one connection: fetched on demand, renewed before it ends, one request at a time
// however many callers wait for it.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/tastytrade/request.hpp"
#include "adapters/tastytrade/token.hpp"
#include "domain/error.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/http.hpp"
#include "domain/ports/task.hpp"

namespace tributary::tastytrade {

/// Used from one thread; must outlive the tasks it returned. The transport and clock outlive it.
class TokenSource {
  public:
    TokenSource(domain::ports::HttpTransport& transport, domain::ports::Clock& clock, std::string origin,
                Credentials credentials);
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

    domain::ports::HttpTransport& transport_;
    domain::ports::Clock& clock_;
    std::string origin_;
    Credentials credentials_;
    std::string token_;
    std::chrono::steady_clock::time_point fresh_until_;
    std::optional<domain::Error> refusal_;
    /// The refresh in flight, which later callers join.
    std::shared_ptr<Refresh> running_;
};

}  // namespace tributary::tastytrade
