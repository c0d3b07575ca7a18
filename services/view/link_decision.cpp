#include "services/view/link_decision.hpp"

#include <algorithm>
#include <array>

#include "domain/ids.hpp"
#include "domain/try.hpp"
#include "services/view/identity_step.hpp"

namespace tributary::view {

using domain::Errc;
using domain::LinkDecision;
using domain::Result;
using domain::Uuid;
using domain::ports::EntityState;
using domain::ports::Link;
using domain::ports::PageTransaction;

namespace {

Result<std::pair<Uuid, Uuid>> pair_of(PageTransaction& transaction, const LinkOrder& order) {
    if (const auto* profiles = std::get_if<std::pair<Uuid, Uuid>>(&order.about)) {
        return std::minmax(profiles->first, profiles->second);
    }
    TRIBUTARY_TRY_LET(link, transaction.link_named(std::get<Uuid>(order.about)));
    if (!link) {
        return domain::fail(Errc::not_found, "There is no such link.");
    }
    return std::pair(link->low, link->high);
}

/// Before every other lock: nobody changes what is known of the two while it is decided about them.
Result<void> lock_profiles(PageTransaction& transaction, const LinkDecision& decision) {
    TRIBUTARY_TRY_LET(states, transaction.lock_existing_entities(std::array{decision.low, decision.high}));
    const auto present = std::ranges::count_if(states, [](const EntityState& state) {
        return state.anchor.kind == domain::EntityKind::profile && state.normalized;
    });
    // What was decided of somebody who is away can be taken back, but nothing new is decided of them.
    if (present < 2 && decision.verb != domain::LinkVerb::reopen) {
        return domain::fail(Errc::not_found, "There is no such profile, or it was removed.");
    }
    return {};
}

}  // namespace

Result<DecidedLink> decide_link(PageTransaction& transaction, const Uuid& tenant, const LinkOrder& order,
                                const ViewRules& rules) {
    TRIBUTARY_TRY_LET(pair, pair_of(transaction, order));
    const LinkDecision decision{pair.first, pair.second, order.verb, order.by, order.reason};
    TRIBUTARY_TRY(lock_profiles(transaction, decision));
    const domain::ports::CommitCause cause{"operator", order.act, std::nullopt};
    TRIBUTARY_TRY_LET(settled, reconcile_decision(transaction, tenant, decision, cause, rules));
    DecidedLink decided;
    decided.id = domain::identity_link_id(tenant, pair.first, pair.second);
    TRIBUTARY_TRY_LET(stored, transaction.link_named(decided.id));
    decided.link = stored.value_or(std::move(settled.decided.link));
    decided.joined = settled.decided.joined;
    decided.chain = std::move(settled.decided.chain);
    decided.contradictions = std::move(settled.decided.contradictions);
    decided.customers = std::move(settled.profiles_of);
    return decided;
}

}  // namespace tributary::view
