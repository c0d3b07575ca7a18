// Credentials that a provider refuses: the connection says so, stops, and is repaired in place.

#include <doctest/doctest.h>

#include <string>

#include "domain/json/write.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

constexpr auto broken = "upvest-01-broken";

/// The body of upvest-01 under another name, with its own credentials.
json::Object right_body(RunningSystem& system) {
    for (const json::Value& body : system.sandbox().connections()) {
        if (text(body, "name") != "upvest-01") continue;
        json::Object copy = *body.if_object();
        json::set(copy, "name", broken);
        return copy;
    }
    FAIL("the sandbox has no such connection");
    return {};
}

json::Object wrong_body(RunningSystem& system) {
    json::Object body = right_body(system);
    json::Object credentials = object(body, "credentials");
    const std::string right = text(credentials, "client_secret");
    json::set(credentials, "client_secret", std::string(right.rbegin(), right.rend()));
    json::set(body, "credentials", std::move(credentials));
    return body;
}

}  // namespace

TEST_CASE("refused credentials are repaired in place and the connection works under its old id") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    const std::string path = "/v1/connections/" + system.connect(wrong_body(system));
    // The run that a new connection begins with may have ended before the first one that is asked for.
    const std::string runs = "/v1/runs?connection_id=" + system.connections().at(broken);
    for (std::size_t refusals = 0; refusals < 3;) {
        const json::Value run = system.sync({broken}).at(broken);
        CAPTURE(json::write(run));
        CHECK(text(run, "error.code") == "unauthenticated");
        const std::size_t ended = array(api.get(runs).json, "items").size();
        REQUIRE(ended > refusals);
        refusals = ended;
        const Answer told = api.get(path);
        CHECK(text(told.json, "status") == (refusals < 3 ? "reauth_required" : "disabled"));
        CHECK(text(told.json, "status_reason").size() > 20);
        CHECK(text(told.json, "next_step").find("connection repair") != std::string::npos);
        CHECK(told.json.find("next_due_at") == nullptr);
    }
    CHECK(api.post(path + "/sync").status == 409);
    CHECK(text(api.get(path).json, "status") == "disabled");

    json::Object half = right_body(system);
    std::erase_if(half, [](const json::Entry& entry) { return entry.key == "credentials"; });
    const Answer refused = api.patch(path, half);
    CHECK(refused.status == 400);
    CHECK(refused.pointer() == "/credentials");
    CHECK(system.api_with(system.make_key("main", "read,sync")).patch(path, right_body(system)).status ==
          403);
    CHECK(text(api.get(path).json, "status") == "disabled");

    const Answer repaired = api.patch(path, right_body(system));
    CHECK(repaired.status == 200);
    CHECK(text(repaired.json, "status") == "pending");
    CHECK(repaired.json.find("credentials") == nullptr);
    const json::Value run = system.sync({broken}).at(broken);
    CAPTURE(json::write(run));
    CHECK(text(run, "state") == "succeeded");
    const Answer works = api.get(path);
    CHECK(text(works.json, "status") == "active");
    CHECK(works.json.find("status_reason") == nullptr);
    CHECK(works.json.find("next_step") == nullptr);
    system.disconnect(broken);
}

TEST_CASE("a connection that is being removed is neither repaired nor resumed nor synced") {
    RunningSystem& system = RunningSystem::synced();
    Api& api = system.api();
    const std::string id = system.connect(right_body(system));
    const std::string path = "/v1/connections/" + id;
    system.sync_well({broken});
    // As after DELETE, for as long as nobody has got to the removal.
    const std::string set = "UPDATE connections SET lifecycle = '";
    const std::string of_it = "' WHERE connection_id = '" + id + "'";
    system.database().run(set + "removing" + of_it);
    CHECK(text(api.get(path).json, "status") == "removing");
    for (const Answer& answer :
         {api.patch(path, json::Object{{"credentials", object(right_body(system), "credentials")}}),
          api.post(path + "/resume"), api.post(path + "/sync")}) {
        CAPTURE(answer.body);
        CHECK(answer.status == 409);
        CHECK(answer.code() == "conflict");
    }
    CHECK(text(api.get(path).json, "status") == "removing");
    system.database().run(set + "enabled" + of_it);
    system.disconnect(broken);
}
