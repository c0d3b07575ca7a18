#include "adapters/postgres/budgets.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "adapters/postgres/failure.hpp"

namespace tributary::postgres {

using domain::BudgetState;
using domain::Lane;
using domain::ports::BudgetBlock;
using domain::ports::BudgetKey;
using domain::ports::BudgetView;
using std::chrono::microseconds;

namespace {

constexpr auto upsert_budget = R"sql(
    INSERT INTO provider_budgets AS b (tenant_id, provider, credential, rate, burst, interval_us, reserve, tat_us,
                                       blocked_until_us, drawn_since_us, drawn_interactive, drawn_background)
    VALUES ($1::uuid, $2, $3, $4::bigint, $5::bigint, $6::bigint, $7::bigint, 0, 0, 0, 0, 0)
    ON CONFLICT (tenant_id, provider, credential) DO UPDATE
    SET rate = excluded.rate, burst = excluded.burst, interval_us = excluded.interval_us, reserve = excluded.reserve
    WHERE (b.rate, b.burst) IS DISTINCT FROM (excluded.rate, excluded.burst))sql";

// The connection may have been removed meanwhile.
constexpr auto upsert_user = R"sql(
    INSERT INTO budget_users AS u (tenant_id, connection_id, provider, credential)
    SELECT c.tenant_id, c.connection_id, $3, $4
    FROM connections c
    WHERE c.tenant_id = $1 AND c.connection_id = $2
    ON CONFLICT (tenant_id, connection_id) DO UPDATE
    SET provider = excluded.provider, credential = excluded.credential
    WHERE (u.provider, u.credential) IS DISTINCT FROM (excluded.provider, excluded.credential))sql";

// The clock is read before a wait for the row's lock, if there is one: then it is late, which grants less.
constexpr auto draw = R"sql(
    WITH bucket AS MATERIALIZED (
        SELECT *, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now_us
        FROM provider_budgets
        WHERE tenant_id = $1 AND provider = $2 AND credential = $3
        FOR UPDATE
    ), standing AS (
        SELECT *, least(greatest(tat_us, now_us), now_us + burst * interval_us) AS base_us,
               now_us + (burst - CASE WHEN $4::boolean THEN reserve ELSE 0 END) * interval_us AS limit_us
        FROM bucket
    ), granted AS (
        SELECT *, CASE WHEN blocked_until_us > now_us THEN 0
                       ELSE least(greatest((limit_us - base_us) / interval_us, 0), $5::bigint) END AS tokens
        FROM standing
    )
    UPDATE provider_budgets b
    SET tat_us = g.base_us + g.tokens * g.interval_us,
        drawn_since_us = CASE WHEN g.now_us - g.drawn_since_us < 1000000 THEN g.drawn_since_us ELSE g.now_us END,
        drawn_interactive = CASE WHEN g.now_us - g.drawn_since_us < 1000000 THEN g.drawn_interactive ELSE 0 END
                            + CASE WHEN $4::boolean THEN 0 ELSE g.tokens END,
        drawn_background = CASE WHEN g.now_us - g.drawn_since_us < 1000000 THEN g.drawn_background ELSE 0 END
                           + CASE WHEN $4::boolean THEN g.tokens ELSE 0 END
    FROM granted g
    WHERE b.tenant_id = $1 AND b.provider = $2 AND b.credential = $3
    RETURNING g.tokens, g.now_us,
              CASE WHEN g.blocked_until_us > g.now_us THEN least(g.blocked_until_us - g.now_us, $6::bigint)
                   ELSE greatest(0, b.tat_us + g.interval_us - g.limit_us) END)sql";

constexpr auto update_block = R"sql(
    UPDATE provider_budgets
    SET blocked_until_us = greatest(blocked_until_us,
                                    (extract(epoch FROM clock_timestamp()) * 1000000)::bigint + $4::bigint)
    WHERE tenant_id = $1 AND provider = $2 AND credential = $3
    RETURNING 1)sql";

constexpr auto notify = "SELECT pg_notify($1, $2)";

constexpr auto select_block = R"sql(
    SELECT blocked_until_us - (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
    FROM provider_budgets
    WHERE tenant_id = $1 AND provider = $2 AND credential = $3)sql";

constexpr auto select_budgets = R"sql(
    SELECT b.credential, u.connection_id, c.base_url, b.rate, b.burst, b.tat_us, b.blocked_until_us, b.drawn_since_us,
           b.drawn_interactive, b.drawn_background, (extract(epoch FROM now()) * 1000000)::bigint
    FROM provider_budgets b
    JOIN budget_users u ON u.tenant_id = b.tenant_id AND u.provider = b.provider AND u.credential = b.credential
    JOIN connections c ON c.tenant_id = u.tenant_id AND c.connection_id = u.connection_id
    WHERE b.tenant_id = $1 AND b.provider = $2
    ORDER BY u.connection_id)sql";

domain::Timestamp at(std::int64_t epoch_us) {
    return domain::Timestamp(microseconds(epoch_us));
}

BudgetView view_of(const Row& row) {
    BudgetView view;
    view.terms = {row.number(3), row.number(4)};
    BudgetState state{row.number(5), row.number(6)};
    const std::int64_t now = row.number(10);
    view.available = available(state, view.terms, Lane::interactive, now);
    view.used = view.terms.burst - view.available;
    if (now - row.number(7) < 1'000'000) {
        view.reserved_interactive = row.number(8);
        view.reserved_background = row.number(9);
    }
    if (state.blocked_until > now) {
        view.blocked_until = at(state.blocked_until);
    }
    const std::int64_t bucket_wait =
        domain::draw(state, view.terms, Lane::interactive, 0, std::max(now, state.blocked_until)).wait;
    view.next_free_at = at(std::max(now, state.blocked_until) + bucket_wait);
    return view;
}

}  // namespace

void open_budget(Transaction& tx, const BudgetKey& key, const domain::Uuid& connection,
                 const domain::BudgetTerms& terms) {
    tx.exec(upsert_budget, tx.tenant(), key.provider, key.credential, terms.rate, terms.burst,
            interval_of(terms), reserve_of(terms));
    tx.exec(upsert_user, tx.tenant(), connection, key.provider, key.credential);
}

DrawnAt draw_tokens(Transaction& tx, const BudgetKey& key, Lane lane, std::int64_t wanted) {
    const auto rows = tx.exec(draw, tx.tenant(), key.provider, key.credential, lane == Lane::background,
                              wanted, domain::longest_block_us);
    if (rows.empty()) {
        refuse(domain::Errc::not_found, "this credential has no budget yet");
    }
    const Row row(rows[0]);
    return {{row.number(0), row.number(2)}, row.number(1)};
}

void block_budget(Transaction& tx, const BudgetBlock& block) {
    const std::int64_t lasts = std::clamp<std::int64_t>(block.lasts.count(), 0, domain::longest_block_us);
    const auto rows = tx.exec(update_block, tx.tenant(), block.key.provider, block.key.credential, lasts);
    if (!rows.empty()) {
        tx.exec(notify, block_channel,
                to_text(tx.tenant()) + ' ' + block.key.provider + ' ' + block.key.credential + ' ' +
                    std::to_string(lasts));
    }
}

std::vector<BudgetView> read_budgets(Transaction& tx, const std::string& provider) {
    std::vector<BudgetView> views;
    std::map<std::string, std::size_t> by_credential;
    for (const auto& found : tx.exec(select_budgets, tx.tenant(), provider)) {
        const Row row(found);
        const auto [place, fresh] = by_credential.emplace(row.text(0), views.size());
        if (fresh) {
            views.push_back(view_of(row));
        }
        views[place->second].users.push_back({row.uuid(1), row.text(2)});
    }
    return views;
}

std::optional<BudgetBlock> read_block(Transaction& tx, const BudgetKey& key) {
    const auto rows = tx.exec(select_block, tx.tenant(), key.provider, key.credential);
    if (rows.empty()) {
        return std::nullopt;
    }
    const std::int64_t left = std::min(Row(rows[0]).number(0), domain::longest_block_us);
    return left > 0 ? std::optional(BudgetBlock{key, microseconds(left)}) : std::nullopt;
}

std::optional<BudgetBlock> parse_announcement(std::string_view payload) {
    std::string_view words[4];
    for (std::string_view& word : words) {
        const std::size_t end = std::min(payload.find(' '), payload.size());
        word = payload.substr(0, end);
        payload.remove_prefix(std::min(end + 1, payload.size()));
    }
    const auto tenant = domain::parse_uuid(words[0]);
    std::int64_t lasts = 0;
    const auto [end, error] = std::from_chars(words[3].data(), words[3].data() + words[3].size(), lasts);
    const bool whole = error == std::errc{} && end == words[3].data() + words[3].size() && payload.empty();
    if (!tenant || words[1].empty() || words[2].empty() || !whole || lasts <= 0 ||
        lasts > domain::longest_block_us) {
        return std::nullopt;
    }
    return BudgetBlock{{*tenant, std::string(words[1]), std::string(words[2])}, microseconds(lasts)};
}

}  // namespace tributary::postgres
