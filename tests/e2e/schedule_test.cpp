// Nobody asks: the service runs a connection by its schedule.

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>

#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

/// The runs of a connection that succeeded for this cause.
std::size_t succeeded(Api& api, const std::string& connection, std::string_view cause) {
    const Answer runs = api.get("/v1/runs?connection_id=" + connection);
    return static_cast<std::size_t>(
        std::ranges::count_if(array(runs.json, "items"), [&](const json::Value& run) {
            return text(run, "cause") == cause && text(run, "state") == "succeeded";
        }));
}

}  // namespace

TEST_CASE("a connection with a schedule is synced again when its time has come") {
    RunningSystem& system = RunningSystem::get();
    system.command({"tenant", "create", "scheduled", "--json"});
    Api api = system.api_with(system.make_key("scheduled", "read,personal,operations,admin"));
    json::Object body = *system.sandbox().connections().front().if_object();
    json::set(body, "schedule", "10s");
    const Answer made = api.post("/v1/connections", body);
    REQUIRE_MESSAGE(made.status == 201, made.body);
    const std::string id = text(made.json, "id");

    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(90);
    while (succeeded(api, id, "schedule") == 0 && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
    CHECK(succeeded(api, id, "first") == 1);
    CHECK(succeeded(api, id, "schedule") >= 1);
    const Answer connection = api.get("/v1/connections/" + id);
    CHECK(text(connection.json, "schedule") == "10s");
    CHECK_FALSE(text(connection.json, "next_due_at").empty());
    CHECK(api.remove("/v1/connections/" + id).status == 202);
    // The cases after this one count the provider's requests.
    while (api.get("/v1/connections/" + id).status != 404) {
        REQUIRE(std::chrono::steady_clock::now() < deadline + std::chrono::seconds(60));
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}
