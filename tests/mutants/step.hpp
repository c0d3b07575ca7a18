// What ours does in the world, one call of the store at a time.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "domain/ports/clock.hpp"
#include "tests/mutants/shown.hpp"
#include "tests/mutants/world.hpp"

namespace tributary::mutants {

struct Step {
    std::string name;
    /// SQL that arranges the world for it (filled()), past every wall. Of what it tells apart, ours is
    /// to say no where theirs would say yes.
    std::string arranged;
    /// Returns all that the caller was told.
    std::function<std::string(postgres::Transaction&)> act;
    /// Whose transaction it is; nobody's where the store begins it without a tenant.
    std::optional<domain::Uuid> tenant = ours;
};

/// Every step of the scenario. A new statement of adapters/postgres needs a step that runs it.
std::vector<Step> scenario();

// Its parts.
std::vector<Step> action_steps();
std::vector<Step> admin_steps();
std::vector<Step> budget_and_token_steps();
std::vector<Step> connection_steps();
std::vector<Step> identity_steps();
std::vector<Step> news_steps();
std::vector<Step> object_read_steps();
std::vector<Step> page_steps();
std::vector<Step> proposal_steps();
std::vector<Step> past_steps();
std::vector<Step> read_steps();
std::vector<Step> replay_steps();
std::vector<Step> retention_steps();
std::vector<Step> review_steps();
std::vector<Step> run_steps();
std::vector<Step> webhook_steps();

/// What a step does that is told nothing but whether it went well.
template <class Act>
auto silently(Act act) {
    return [act](postgres::Transaction& tx) {
        act(tx);
        return std::string();
    };
}

/// For ids that nobody compares.
domain::ports::Random& random_source();

/// `arranged` for leases of `shared` and `lent` with fence 7.
inline constexpr auto leased = R"sql(
    UPDATE due_queue SET lease_owner = $shared, lease_until = now() + interval '1 hour', fence = 7;)sql";

}  // namespace tributary::mutants
