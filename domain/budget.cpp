#include "domain/budget.hpp"

#include <algorithm>

namespace tributary::domain {

namespace {

constexpr std::int64_t second_us = 1'000'000;

/// Where the bucket stands: never in the past, and never further ahead than an empty bucket can be.
std::int64_t base_of(const BudgetState& state, const BudgetTerms& terms, std::int64_t now) {
    return std::clamp(state.tat, now, now + terms.burst * interval_of(terms));
}

/// The bucket as deep as this lane may draw it.
std::int64_t depth_of(const BudgetTerms& terms, Lane lane) {
    return terms.burst - (lane == Lane::background ? reserve_of(terms) : 0);
}

}  // namespace

std::int64_t interval_of(const BudgetTerms& terms) {
    return (second_us + terms.rate - 1) / terms.rate;
}

std::int64_t reserve_of(const BudgetTerms& terms) {
    return terms.burst < 2 ? 0 : std::max<std::int64_t>(1, terms.burst / 5);
}

Drawn draw(BudgetState& state, const BudgetTerms& terms, Lane lane, std::int64_t wanted, std::int64_t now) {
    const std::int64_t blocked = std::min(state.blocked_until - now, longest_block_us);
    if (blocked > 0) {
        return {0, blocked};
    }
    const std::int64_t interval = interval_of(terms);
    const std::int64_t base = base_of(state, terms, now);
    const std::int64_t limit = now + depth_of(terms, lane) * interval;
    const std::int64_t granted = std::clamp<std::int64_t>((limit - base) / interval, 0, wanted);
    state.tat = base + granted * interval;
    return {granted, std::max<std::int64_t>(0, state.tat + interval - limit)};
}

std::int64_t available(const BudgetState& state, const BudgetTerms& terms, Lane lane, std::int64_t now) {
    const std::int64_t interval = interval_of(terms);
    const std::int64_t room = now + depth_of(terms, lane) * interval - base_of(state, terms, now);
    return std::max<std::int64_t>(0, room / interval);
}

std::int64_t DrawSize::tokens(const BudgetTerms& terms) const {
    return std::clamp<std::int64_t>(tokens_, 1, std::max<std::int64_t>(1, terms.rate / 5));
}

void DrawSize::used_up(const BudgetTerms& terms) {
    tokens_ = tokens(terms) * 2;
}

void DrawSize::wasted() {
    tokens_ = std::max<std::int64_t>(1, tokens_ / 2);
}

}  // namespace tributary::domain
