// Logins are shared: the next run of a connection uses the tokens of the one before.

#include <doctest/doctest.h>

#include <string>

#include "domain/json/write.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

TEST_CASE("a run that follows another asks for no token, and no token stands in the database in the clear") {
    RunningSystem& system = RunningSystem::synced();
    const std::vector<std::string> names{"tasty-01", "tdx-06", "upvest-02"};
    system.sync_well(names);
    system.sandbox().take_requests();
    system.sync_well(names);
    const json::Value asked = system.sandbox().take_requests();
    CHECK(array(asked, "requests").size() > 3);
    for (const json::Value& route : array(asked, "requests")) {
        CAPTURE(json::write(route));
        CHECK(text(route, "method") == "GET");
    }
    CHECK(system.database().value(
              "SELECT count(*) FROM provider_tokens WHERE sealed ~ 'eyJ[^.]+[.]|ory_at_'") == "0");
    CHECK(system.database().value("SELECT count(*) > 2 FROM provider_tokens WHERE generation > 0") == "t");
}
