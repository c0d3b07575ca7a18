// What the providers say against what the API serves, object by object and field by field.

#include <doctest/doctest.h>

#include "tests/e2e/oracle/ground_truth.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

TEST_CASE("API serves every object and field of the three providers when all connections are synced") {
    RunningSystem& system = RunningSystem::synced();
    const Comparison all = compare_everything(system);
    CHECK(all.served.count() > 3500);
    CHECK(all.differences.compared > 70'000);
    std::size_t fields = 0;
    for (const auto& [kind, count] : all.world.tally.mapped) {
        MESSAGE(kind << ": " << count << " fields");
        fields += count;
    }
    for (const auto& [field, count] : all.world.tally.exempt) {
        MESSAGE("exempt, " << count << " times: " << field);
    }
    CHECK(fields > 35'000);
    MESSAGE(all.served.count() << " documents, " << all.differences.compared << " values compared, " << fields
                               << " fields of the providers");
}
