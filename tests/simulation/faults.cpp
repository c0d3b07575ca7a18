#include "tests/simulation/faults.hpp"

namespace tributary::simulation {

namespace {

struct FaultTraits {
    Fault fault;
    std::string_view name;
    /// Highest chance at each opportunity.
    double rate;
};

constexpr std::array<FaultTraits, fault_count> traits{{
    {Fault::kill_before_store, "kill_before_store", 0.02},
    {Fault::kill_after_store, "kill_after_store", 0.02},
    {Fault::kill_before_fetch, "kill_before_fetch", 0.02},
    {Fault::kill_after_fetch, "kill_after_fetch", 0.02},
    {Fault::kill_asleep, "kill_asleep", 0.01},
    {Fault::pause, "pause", 0.01},
    {Fault::answer_lost, "answer_lost", 0.03},
    {Fault::commit_lost, "commit_lost", 0.03},
    {Fault::conflict, "conflict", 0.10},
    {Fault::conflict_for_good, "conflict_for_good", 0.02},
    {Fault::store_unavailable, "store_unavailable", 0.03},
    {Fault::duplicated_page, "duplicated_page", 0.10},
    {Fault::reordered_page, "reordered_page", 0.10},
    {Fault::truncated_page, "truncated_page", 0.05},
    {Fault::server_error, "server_error", 0.15},
    {Fault::timeout, "timeout", 0.10},
    {Fault::throttled, "throttled", 0.03},
    {Fault::permission_denied, "permission_denied", 0.03},
    {Fault::credentials_refused, "credentials_refused", 0.01},
    {Fault::wrong_total, "wrong_total", 0.05},
    {Fault::emptied_list, "emptied_list", 0.05},
    {Fault::keyless_object, "keyless_object", 0.05},
    {Fault::keyless_page, "keyless_page", 0.05},
    {Fault::read_failed, "read_failed", 0.20},
    {Fault::wall_clock_jump, "wall_clock_jump", 0.50},
    {Fault::stale_write_refused, "stale_write_refused", 0},
    {Fault::shifted_offset, "shifted_offset", 0},
    {Fault::object_added, "object_added", 0.15},
    {Fault::object_changed, "object_changed", 0.20},
    {Fault::object_removed, "object_removed", 0.12},
    {Fault::object_returned, "object_returned", 0.15},
}};

bool changes_the_population(Fault fault) {
    return fault == Fault::object_added || fault == Fault::object_changed || fault == Fault::object_removed ||
           fault == Fault::object_returned;
}

}  // namespace

std::string_view name_of(Fault fault) {
    return traits[static_cast<std::size_t>(fault)].name;
}

FaultPlan::FaultPlan(Dice& dice, Mode mode) : dice_(dice) {
    for (const FaultTraits& trait : traits) {
        double rate = trait.rate;
        if (mode == Mode::shifting_offsets) {
            rate = changes_the_population(trait.fault) ? 2 * rate : 0;
        } else if (dice.chance(0.5)) {
            rate = 0;
        } else if (dice.chance(0.5)) {
            rate /= 4;
        }
        rates_[static_cast<std::size_t>(trait.fault)] = rate;
    }
}

bool FaultPlan::strikes(Fault fault) {
    const double rate = rates_[static_cast<std::size_t>(fault)];
    if (ceased_ || rate == 0 || !dice_.chance(rate)) {
        return false;
    }
    counts_.add(fault);
    return true;
}

}  // namespace tributary::simulation
