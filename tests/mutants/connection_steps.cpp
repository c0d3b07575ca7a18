#include "adapters/postgres/connection_rows.hpp"
#include "adapters/postgres/connections.hpp"
#include "adapters/postgres/repair.hpp"
#include "adapters/postgres/runs.hpp"
#include "tests/mutants/step.hpp"

namespace tributary::mutants {

using namespace domain::ports;
using postgres::ConnectionRow;
using postgres::Transaction;

namespace {

std::string views(const std::vector<ConnectionRow>& rows) {
    std::string text;
    for (const ConnectionRow& row : rows) {
        text += shown(row.view);
    }
    return text;
}

std::string created(Transaction& tx) {
    NewConnection connection;
    connection.id = domain::named_uuid({}, "new");
    connection.name = "new";
    connection.provider = "upvest";
    connection.base_url = "https://example.org";
    connection.settings = "{}";
    connection.sealed_credentials = "sealed";
    return shown(postgres::create_connection(tx, random_source(), connection));
}

// Theirs has an open run of each kind where ours has none.
constexpr auto they_run = R"sql(
    UPDATE runs SET state = 'running', cause = 'replay' WHERE tenant_id = $theirs AND run_id = $run1;
    UPDATE runs SET state = 'running' WHERE tenant_id = $theirs AND run_id = $run2;)sql";

constexpr auto they_run_alone = R"sql(
    DELETE FROM runs WHERE tenant_id = $ours;
    UPDATE runs SET state = 'queued' WHERE tenant_id = $theirs AND run_id = $run2;)sql";

constexpr auto ours_is_withdrawn = R"sql(
    UPDATE connections SET lifecycle = 'removing', sealed_credentials = NULL
    WHERE tenant_id = $ours AND connection_id = $shared;
    UPDATE records SET removed_at = now(), normalized = NULL WHERE tenant_id = $ours;)sql";

}  // namespace

std::vector<Step> connection_steps() {
    return {
        {"a new connection", "", created},
        {"a new connection of no tenant", "", created, nobody},
        {"the connections", "",
         [](Transaction& tx) { return views(postgres::load_connections(tx, std::nullopt)); }},
        {"the connections, where only theirs had runs", "DELETE FROM runs WHERE tenant_id = $ours;",
         [](Transaction& tx) { return views(postgres::load_connections(tx, std::nullopt)); }},
        {"the connections, where only theirs has runs", they_run_alone,
         [](Transaction& tx) { return views(postgres::load_connections(tx, std::nullopt)); }},
        {"a page of connections", "",
         [](Transaction& tx) { return views(postgres::load_connection_page(tx, {std::nullopt, 2})); }},
        {"a connection is paused", "",
         silently([](Transaction& tx) { postgres::pause_connection(tx, random_source(), shared, true); })},
        {"a connection that is theirs to schedule is paused", "",
         silently([](Transaction& tx) { postgres::pause_connection(tx, random_source(), lent, true); })},
        {"a connection is removed while theirs runs", they_run,
         silently([](Transaction& tx) { postgres::remove_connection(tx, random_source(), shared); })},
        {"a removed connection is forgotten", std::string(ours_is_withdrawn) + leased,
         silently([](Transaction& tx) { postgres::forget_connection(tx, {shared, 7}); })},
        {"a connection is repaired while theirs runs, streams of both paused",
         std::string(they_run) + "UPDATE stream_states SET verdict = 'paused';",
         [](Transaction& tx) {
             return shown(
                 postgres::repair_connection(tx, random_source(), {shared, "sealed anew", std::nullopt}));
         }},
        {"the open run, where only theirs has one", they_run_alone,
         [](Transaction& tx) { return shown(postgres::open_run(tx, shared)); }},
    };
}

}  // namespace tributary::mutants
