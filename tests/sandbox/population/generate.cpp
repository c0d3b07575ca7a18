#include "tests/sandbox/population/generate.hpp"

#include <algorithm>
#include <stdexcept>

#include "tests/sandbox/population/builder.hpp"

namespace tributary::sandbox {

const Item& profile_of(const Builder& builder, Kind kind, const std::string& person) {
    const auto items = builder.world.of(kind).live();
    const auto found = std::ranges::find(items, person, &Item::person);
    if (found == items.end()) throw std::logic_error("the cast has no profile of " + person);
    return **found;
}

std::unique_ptr<World> generate(const PopulationOptions& options) {
    auto world = std::make_unique<World>();
    world->seed = options.seed;
    Builder builder{*world, make_people(options.seed, std::max(options.people, Cast::smallest)), 0};
    // A couple: one roof, one telephone, a joint account.
    builder.people[1].last = builder.people[0].last;
    builder.people[1].phone = builder.people[0].phone;
    if (builder.people[1].first == builder.people[0].first) {
        builder.people[1].first += " Maria";
    }
    cast_tastytrade(builder);
    cast_tdx(builder);
    cast_upvest(builder, options.upvest_groups);
    return world;
}

}  // namespace tributary::sandbox
