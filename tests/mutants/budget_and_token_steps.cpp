#include "adapters/postgres/budgets.hpp"
#include "adapters/postgres/tokens.hpp"
#include "tests/mutants/step.hpp"

namespace tributary::mutants {

using namespace domain::ports;
using domain::Lane;
using postgres::Transaction;

namespace {

const BudgetKey bucket{ours, "upvest", "credential"};

/// As ours has its connection's secrets, and as theirs has them.
const TokenKey own_secrets{ours, shared, "sealed:shared"};
const TokenKey their_secrets{ours, shared, "foreign sealed:shared"};

std::string looked(Transaction& tx, const TokenKey& secrets) {
    TokenLook look = postgres::look_at_tokens(tx, secrets, std::nullopt, std::chrono::seconds(60));
    if (look.tokens) look.tokens->left.reset();  // runs down
    return shown(look);
}

constexpr auto they_are_blocked =
    "UPDATE provider_budgets SET blocked_until_us = 9000000000000000 WHERE tenant_id = $theirs;";
constexpr auto renewing = "UPDATE provider_tokens SET claim = 2, renewing_until = now() + interval '1 hour';";

}  // namespace

std::vector<Step> budget_and_token_steps() {
    return {
        {"a budget is opened", "",
         silently([](Transaction& tx) { postgres::open_budget(tx, bucket, shared, {20, 10}); })},
        {"tokens are drawn where theirs is blocked", they_are_blocked,
         [](Transaction& tx) {
             return shown(postgres::draw_tokens(tx, bucket, Lane::background, 2).drawn.granted);
         }},
        {"a budget is blocked", "",
         silently([](Transaction& tx) { postgres::block_budget(tx, {bucket, std::chrono::seconds(60)}); })},
        {"what is left of a block that theirs alone has", they_are_blocked,
         [](Transaction& tx) { return shown(postgres::read_block(tx, bucket).has_value()); }},
        {"the budgets", "", [](Transaction& tx) { return shown(postgres::read_budgets(tx, "upvest")); }},
        {"tokens of ours", "", [](Transaction& tx) { return looked(tx, own_secrets); }},
        {"tokens under the secrets of theirs", "", [](Transaction& tx) { return looked(tx, their_secrets); }},
        {"first tokens, where theirs has none either and the same secrets",
         "DELETE FROM provider_tokens; UPDATE connections SET sealed_credentials = 'sealed:shared';",
         [](Transaction& tx) { return looked(tx, own_secrets); }},
        {"first tokens, where theirs has some", "DELETE FROM provider_tokens WHERE tenant_id = $ours;",
         [](Transaction& tx) { return looked(tx, own_secrets); }},
        {"tokens are kept", "", silently([](Transaction& tx) {
             postgres::keep_tokens(tx, own_secrets, 1, "new tokens", std::chrono::hours(1));
         })},
        {"tokens are kept under the secrets of theirs", "", silently([](Transaction& tx) {
             postgres::keep_tokens(tx, their_secrets, 1, "new tokens", std::chrono::hours(1));
         })},
        {"a renewal is given up", renewing,
         silently([](Transaction& tx) { postgres::give_up_tokens(tx, own_secrets, 2); })},
        {"a renewal is given up under the secrets of theirs", renewing,
         silently([](Transaction& tx) { postgres::give_up_tokens(tx, their_secrets, 2); })},
    };
}

}  // namespace tributary::mutants
