// Who a request speaks for. An API key is looked up by keyed hash and remembered for a few seconds, so that a
// revoked key stops working within that time and a busy one costs no query a request. A token of the issuer
// is verified, and remembered for a minute at most, so that a busy one costs no signature a request.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "domain/ports/admin_store.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/sealer.hpp"
#include "domain/ports/token_verifier.hpp"

namespace tributary::api {

class Authenticator {
  public:
    static constexpr std::chrono::seconds memory{5};
    static constexpr std::chrono::seconds token_memory{60};
    static constexpr std::size_t max_remembered = 10'000;

    /// Everything is borrowed and outlives it. Without `tokens` every token is refused. Thread-safe.
    Authenticator(domain::ports::AdminStore& store, const domain::ports::Sealer& sealer,
                  const domain::ports::Clock& clock, domain::ports::TokenVerifier* tokens = nullptr);

    /// From the Authorization field. Errc::unauthenticated without a live key or a good token; the detail is
    /// for the caller.
    domain::ports::Task<domain::Result<domain::ports::Principal>> principal_of(
        std::optional<std::string_view> field);

    /// What is remembered of somebody's credentials.
    struct Known {
        domain::ports::Principal principal;
        std::chrono::steady_clock::time_point until;
        /// Of the memory, for still_holds().
        std::uint64_t forgotten = 0;
    };

    /// Of the credentials in an Authorization field, without looking anything up.
    std::optional<Known> known(std::string_view field);
    /// Whether what was known may be acted on at this moment without asking again. Takes no lock.
    [[nodiscard]] bool still_holds(const Known& known) const;

    /// From now on this process does not remember the key, which was revoked or is about to end; nor does it
    /// where it was looked up before and the answer is yet to come.
    void forget(const domain::Uuid& key_id);

  private:
    struct Remembered {
        domain::ports::Principal principal;
        std::chrono::steady_clock::time_point until;
    };

    struct KnownTenant {
        domain::Uuid id;
        std::chrono::steady_clock::time_point until;
    };

    domain::ports::Task<domain::Result<domain::ports::Principal>> principal_of_key(std::string hash);
    domain::ports::Task<domain::Result<domain::ports::Principal>> principal_of_token(std::string token,
                                                                                     std::string hash);
    /// By name or id.
    domain::ports::Task<domain::Result<domain::Uuid>> tenant_of(std::string text);

    std::optional<Known> recall(const std::string& hash);
    /// What its credentials are remembered under; empty where they have no known form.
    [[nodiscard]] std::string hash_of(std::string_view credentials) const;
    /// Not where a key was forgotten since `asked_at`: what was read before may be what is over.
    void remember(const std::string& hash, const domain::ports::Principal& principal,
                  std::chrono::microseconds time, std::uint64_t asked_at);
    std::optional<domain::Uuid> recall_tenant(const std::string& text);
    void remember_tenant(const std::string& text, const domain::Uuid& id);

    domain::ports::AdminStore& store_;
    const domain::ports::Sealer& sealer_;
    const domain::ports::Clock& clock_;
    domain::ports::TokenVerifier* tokens_;
    std::mutex mutex_;
    /// How often a key was forgotten.
    std::atomic<std::uint64_t> forgotten_ = 0;
    /// Keys and tokens by hash.
    std::unordered_map<std::string, Remembered> remembered_;
    std::unordered_map<std::string, KnownTenant> tenants_;
};

}  // namespace tributary::api
