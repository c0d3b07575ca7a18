#include "adapters/postgres/tokens.hpp"

#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/row.hpp"

namespace tributary::postgres {

using domain::Errc;
using domain::ports::StoredTokens;
using domain::ports::TokenKey;
using domain::ports::TokenLook;
using std::chrono::milliseconds;

namespace {

constexpr auto insert_row = R"sql(
    INSERT INTO provider_tokens (tenant_id, connection_id, claim, generation, sealed)
    SELECT c.tenant_id, c.connection_id, 0, 0, ''
    FROM connections c
    WHERE c.tenant_id = $1 AND c.connection_id = $2 AND c.sealed_credentials = $3
      AND NOT EXISTS (SELECT FROM provider_tokens t
                      WHERE t.tenant_id = c.tenant_id AND t.connection_id = c.connection_id)
    ON CONFLICT DO NOTHING)sql";

constexpr auto lock_row = R"sql(
    SELECT t.generation, t.sealed, (extract(epoch FROM t.good_until - clock_timestamp()) * 1000)::bigint,
           coalesce(t.renewing_until > clock_timestamp(), false)
    FROM provider_tokens t
    JOIN connections c ON c.tenant_id = t.tenant_id AND c.connection_id = t.connection_id
    WHERE t.tenant_id = $1 AND t.connection_id = $2 AND c.sealed_credentials = $3
    FOR UPDATE OF t)sql";

constexpr auto begin_renewal = R"sql(
    UPDATE provider_tokens
    SET claim = claim + 1, renewing_until = clock_timestamp() + $3::bigint * interval '1 second'
    WHERE tenant_id = $1 AND connection_id = $2
    RETURNING claim)sql";

// A repetition finds its own generation and writes the same again.
constexpr auto end_renewal = R"sql(
    UPDATE provider_tokens t
    SET generation = claim, sealed = $5, renewing_until = NULL,
        good_until = clock_timestamp() + $6::bigint * interval '1 millisecond'
    FROM connections c
    WHERE t.tenant_id = $1 AND t.connection_id = $2 AND t.claim = $4::bigint
      AND c.tenant_id = t.tenant_id AND c.connection_id = t.connection_id AND c.sealed_credentials = $3
    RETURNING 1)sql";

constexpr auto abandon_renewal = R"sql(
    UPDATE provider_tokens t
    SET renewing_until = NULL
    FROM connections c
    WHERE t.tenant_id = $1 AND t.connection_id = $2 AND t.claim = $4::bigint AND t.generation < $4::bigint
      AND c.tenant_id = t.tenant_id AND c.connection_id = t.connection_id AND c.sealed_credentials = $3)sql";

constexpr auto delete_row = "DELETE FROM provider_tokens WHERE tenant_id = $1 AND connection_id = $2";

[[noreturn]] void refuse_stale() {
    refuse(Errc::stale_owner,
           "the connection's credentials were replaced, or somebody else renews its tokens");
}

}  // namespace

TokenLook look_at_tokens(Transaction& tx, const TokenKey& key, std::optional<std::int64_t> refused,
                         std::chrono::seconds claim_lasts) {
    tx.exec(insert_row, tx.tenant(), key.connection, key.sealed_credentials);
    const auto rows = tx.exec(lock_row, tx.tenant(), key.connection, key.sealed_credentials);
    if (rows.empty()) {
        refuse_stale();
    }
    const Row row(rows[0]);
    TokenLook look;
    const std::int64_t generation = row.number(0);
    if (generation > 0) {
        look.tokens = StoredTokens{row.text(1), generation, std::nullopt};
        if (const auto left = row.opt_number(2)) {
            look.tokens->left = milliseconds(*left);
        }
    }
    const bool lasts = generation > 0 && (!look.tokens->left || look.tokens->left->count() > 0);
    if (lasts && (!refused || generation > *refused)) {
        look.next = TokenLook::Next::use;
    } else if (!row.boolean(3)) {
        look.next = TokenLook::Next::renew;
        look.claim =
            Row(tx.exec(begin_renewal, tx.tenant(), key.connection, claim_lasts.count())[0]).number(0);
    }
    return look;
}

void keep_tokens(Transaction& tx, const TokenKey& key, std::int64_t claim, const std::string& sealed,
                 std::optional<milliseconds> left) {
    std::optional<std::int64_t> good_for;
    if (left) {
        good_for = left->count();
    }
    if (tx.exec(end_renewal, tx.tenant(), key.connection, key.sealed_credentials, claim, sealed, good_for)
            .empty()) {
        refuse_stale();
    }
}

void give_up_tokens(Transaction& tx, const TokenKey& key, std::int64_t claim) {
    tx.exec(abandon_renewal, tx.tenant(), key.connection, key.sealed_credentials, claim);
}

void destroy_tokens(Transaction& tx, const domain::Uuid& connection) {
    tx.exec(delete_row, tx.tenant(), connection);
}

}  // namespace tributary::postgres
