#include "services/admin/connection_text.hpp"

#include <doctest/doctest.h>

#include "domain/json/write.hpp"

using namespace tributary;
using domain::ports::ConnectionStatus;
using domain::ports::ConnectionView;
using domain::ports::RunView;

namespace {

const domain::Uuid some_id = domain::named_uuid({}, "some");
const domain::Timestamp noon = *domain::parse_timestamp("2026-01-02T12:00:00Z");

/// The streams of a connection as it is shown.
json::Array streams_of(const json::Object& shown) {
    return *json::find(shown, "streams")->if_array();
}

}  // namespace

TEST_CASE("a connection that never ran shows no times, no reason and no run") {
    ConnectionView connection;
    connection.id = some_id;
    connection.name = "desk";
    connection.provider = "tdx";
    connection.environment = domain::ProviderEnvironment::sandbox;
    connection.base_url = "https://api.example.com";
    connection.created_at = noon;
    CHECK(
        json::write(admin::connection_object(connection)) ==
        R"({"id":")" + to_text(some_id) +
            R"(","name":"desk","provider":"tdx","environment":"sandbox","base_url":"https://api.example.com",)"
            R"("schedule":"manual","settings":{},"status":"pending","created_at":"2026-01-02T12:00:00Z",)"
            R"("streams":[]})");
}

TEST_CASE("a connection in trouble shows what is wrong and how far each stream got") {
    ConnectionView connection;
    connection.status = ConnectionStatus::degraded;
    connection.status_reason = "The provider did not answer.";
    connection.last_run_id = some_id;
    connection.streams.push_back({"users", noon, std::nullopt, "partial", "Cut short.", R"({"pages":1})"});
    const json::Object shown = admin::connection_object(connection);
    CHECK(*json::find(shown, "status") == json::Value("degraded"));
    CHECK(*json::find(shown, "status_reason") == json::Value("The provider did not answer."));
    CHECK(*json::find(shown, "last_run_id") == json::Value(to_text(some_id)));
    CHECK(
        json::write(*json::find(shown, "streams")) ==
        R"([{"stream":"users","verdict":"partial","reason":"Cut short.","fetched_at":"2026-01-02T12:00:00Z",)"
        R"("evidence":{"pages":1}}])");
    connection.streams.back().changed_at = noon;
    CHECK(*json::find(*streams_of(admin::connection_object(connection)).front().if_object(), "changed_at") ==
          json::Value("2026-01-02T12:00:00Z"));
}

TEST_CASE("a run shows its error only where it has one") {
    RunView run;
    run.id = some_id;
    run.cause = "manual";
    run.state = "succeeded";
    run.requested_at = noon;
    CHECK(json::find(admin::run_object(run), "error") == nullptr);
    run.state = "failed";
    run.error_code = "timed_out";
    run.error_detail = "Too late.";
    CHECK(json::write(*json::find(admin::run_object(run), "error")) ==
          R"({"code":"timed_out","detail":"Too late."})");
}
