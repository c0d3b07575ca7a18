// Who a request speaks for. Keys are looked up by keyed hash and remembered for a few seconds, so that a
// revoked key stops working within that time and a busy one costs no query a request.
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "domain/ports/admin_store.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/sealer.hpp"

namespace tributary::api {

class Authenticator {
  public:
    static constexpr std::chrono::seconds memory{5};
    static constexpr std::size_t max_remembered = 10'000;

    /// Everything is borrowed and outlives it. Thread-safe.
    Authenticator(domain::ports::AdminStore& store, const domain::ports::Sealer& sealer,
                  const domain::ports::Clock& clock);

    /// From the Authorization field. Errc::unauthenticated without a live key.
    domain::ports::Task<domain::Result<domain::ports::Principal>> principal_of(
        std::optional<std::string_view> field);

  private:
    struct Remembered {
        domain::ports::Principal principal;
        std::chrono::steady_clock::time_point until;
    };

    std::optional<domain::ports::Principal> recall(const std::string& hash);
    void remember(const std::string& hash, const domain::ports::Principal& principal);

    domain::ports::AdminStore& store_;
    const domain::ports::Sealer& sealer_;
    const domain::ports::Clock& clock_;
    std::mutex mutex_;
    std::unordered_map<std::string, Remembered> remembered_;
};

}  // namespace tributary::api
