#include "adapters/postgres/token_store.hpp"

#include <utility>

#include "adapters/postgres/tokens.hpp"

namespace tributary::postgres {

using namespace domain::ports;
using domain::Result;

namespace {

class TokenRows final : public TokenStore {
  public:
    explicit TokenRows(Pool& pool) : pool_(pool) {}

    Task<Result<TokenLook>> look(TokenKey key, std::optional<std::int64_t> refused,
                                 std::chrono::seconds claim_lasts) override {
        const JobSpec spec{.tenant = key.tenant};
        return pool_.run(spec, [key = std::move(key), refused, claim_lasts](Transaction& tx) {
            return look_at_tokens(tx, key, refused, claim_lasts);
        });
    }

    Task<Result<void>> keep(TokenKey key, std::int64_t claim, std::string sealed,
                            std::optional<std::chrono::milliseconds> left) override {
        const JobSpec spec{.tenant = key.tenant};
        return pool_.run(spec, [key = std::move(key), claim, sealed = std::move(sealed),
                                left](Transaction& tx) { keep_tokens(tx, key, claim, sealed, left); });
    }

    Task<Result<void>> give_up(TokenKey key, std::int64_t claim) override {
        const JobSpec spec{.tenant = key.tenant};
        return pool_.run(spec,
                         [key = std::move(key), claim](Transaction& tx) { give_up_tokens(tx, key, claim); });
    }

  private:
    Pool& pool_;
};

}  // namespace

std::unique_ptr<TokenStore> make_token_store(Pool& pool) {
    return std::make_unique<TokenRows>(pool);
}

}  // namespace tributary::postgres
