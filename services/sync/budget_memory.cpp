#include "services/sync/budget_memory.hpp"

#include <algorithm>

namespace tributary::sync {

using domain::Lane;
using domain::ports::BudgetKey;

namespace {

/// No block lasts longer, so that an account without use for so long knows nothing any more.
constexpr std::chrono::hours forgotten_after{1};
constexpr std::chrono::minutes sweep_every{1};

std::size_t index_of(Lane lane) {
    return lane == Lane::interactive ? 0 : 1;
}

}  // namespace

BudgetMemory::Account& BudgetMemory::account_of(const BudgetKey& key, Time now) {
    if (now >= next_sweep_) {
        std::erase_if(accounts_,
                      [now](const auto& entry) { return now - entry.second.last_used > forgotten_after; });
        next_sweep_ = now + sweep_every;
    }
    Account& account = accounts_[key];
    account.last_used = std::max(account.last_used, now);
    return account;
}

void BudgetMemory::drop_dead(Account& account, Time now) {
    const auto dead = std::erase_if(account.batches, [now](const Batch& batch) { return batch.dies <= now; });
    if (dead > 0) {
        account.size.wasted();
    }
}

bool BudgetMemory::take(Account& account, Lane lane, Lane drawn_for) {
    if (lane == Lane::background && drawn_for == Lane::interactive) {
        return false;
    }
    const auto batch = std::ranges::find(account.batches, drawn_for, &Batch::lane);
    if (batch == account.batches.end()) {
        return false;
    }
    if (--batch->left == 0) {
        account.batches.erase(batch);
        account.size.used_up(account.terms);
    }
    return true;
}

BudgetMemory::Step BudgetMemory::next(const BudgetKey& key, const domain::BudgetTerms& terms, Lane lane,
                                      Time now) {
    const std::lock_guard lock(mutex_);
    Account& account = account_of(key, now);
    account.terms = terms;
    if (account.blocked_until > now) {
        return {Step::Kind::wait, 0, account.blocked_until};
    }
    drop_dead(account, now);
    if (take(account, lane, lane) || take(account, lane, Lane::background)) {
        return {Step::Kind::go, 0, {}};
    }
    if (const Time empty_until = account.empty_until[index_of(lane)]; empty_until > now) {
        return {Step::Kind::wait, 0, empty_until};
    }
    return {Step::Kind::draw, account.size.tokens(terms), {}};
}

void BudgetMemory::give_back(const BudgetKey& key, Lane lane, Time now) {
    const std::lock_guard lock(mutex_);
    // The rest of its second is not known any more; a moment is enough for whoever asks next.
    account_of(key, now).batches.push_back({lane, 1, now + token_life / 10});
}

void BudgetMemory::drawn(const BudgetKey& key, Lane lane, const domain::Drawn& drawn, Time asked) {
    const std::lock_guard lock(mutex_);
    Account& account = account_of(key, asked);
    if (drawn.granted > 0) {
        account.batches.push_back({lane, drawn.granted, asked + token_life});
    } else {
        account.empty_until[index_of(lane)] = asked + std::chrono::microseconds(drawn.wait);
    }
}

void BudgetMemory::block(const BudgetKey& key, Time until) {
    const std::lock_guard lock(mutex_);
    Account& account = accounts_[key];
    account.blocked_until = std::max(account.blocked_until, until);
    account.last_used = std::max(account.last_used, until);
    account.batches.clear();
}

bool BudgetMemory::is_blocked(const BudgetKey& key, Time now) const {
    const std::lock_guard lock(mutex_);
    const auto account = accounts_.find(key);
    return account != accounts_.end() && account->second.blocked_until > now;
}

int BudgetMemory::answered(const BudgetKey& key, bool throttled) {
    const std::lock_guard lock(mutex_);
    Account& account = accounts_[key];
    account.throttled_in_a_row = throttled ? account.throttled_in_a_row + 1 : 0;
    return account.throttled_in_a_row;
}

std::vector<BudgetKey> BudgetMemory::keys() const {
    const std::lock_guard lock(mutex_);
    std::vector<BudgetKey> keys;
    keys.reserve(accounts_.size());
    for (const auto& [key, account] : accounts_) {
        keys.push_back(key);
    }
    return keys;
}

}  // namespace tributary::sync
