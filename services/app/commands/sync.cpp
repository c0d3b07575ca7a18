#include <chrono>
#include <iostream>
#include <thread>

#include "domain/try.hpp"
#include "services/admin/connection_text.hpp"
#include "services/app/commands/commands.hpp"
#include "services/app/commands/find_connection.hpp"
#include "services/sync/worker.hpp"

namespace tributary::app {

using domain::Result;
using domain::Uuid;
using domain::ports::ConnectionView;
using domain::ports::RunView;
using domain::ports::Task;

namespace {

bool ended(const RunView& run) {
    return run.state != "queued" && run.state != "running";
}

/// Does the run here if nobody holds the connection, else watches its owner do it.
Task<Result<RunView>> see_through(Foundation& foundation, sync::Worker& worker, Uuid tenant, RunView run) {
    for (;;) {
        const Result<std::size_t> performed = co_await worker.run_due(run.connection_id);
        if (!performed) {
            co_return std::unexpected(performed.error());
        }
        Result<RunView> now = co_await foundation.connections().run(tenant, run.id);
        if (!now || ended(*now)) {
            co_return now;
        }
        const Result<void> slept = co_await foundation.clock().sleep(std::chrono::milliseconds(200));
        if (!slept) {
            co_return std::unexpected(slept.error());
        }
    }
}

Task<Result<std::vector<RunView>>> sync_all(Foundation& foundation, const CommandLine& line, Uuid tenant,
                                            std::vector<ConnectionView> connections,
                                            SyncArguments arguments) {
    sync::WorkerOptions options;
    options.owner = foundation.new_id();
    options.lease = line.settings.sync_lease;
    const auto executor = co_await boost::asio::this_coro::executor;
    sync::Worker worker(executor, foundation.sync_tools(), std::move(options));
    std::vector<RunView> runs;
    for (const ConnectionView& connection : connections) {
        Result<RunView> run = co_await foundation.connections().request_run(tenant, connection.id, "manual");
        if (run && arguments.wait) {
            run = co_await see_through(foundation, worker, tenant, std::move(*run));
        }
        if (!run && run.error().code == domain::Errc::not_found) {
            continue;  // removed by somebody meanwhile
        }
        if (!run) {
            co_return std::unexpected(std::move(run).error());
        }
        runs.push_back(std::move(*run));
    }
    co_await worker.drained();
    co_return runs;
}

struct Performed {
    std::vector<RunView> runs;
    /// Connections that only a person should run, by calling them by name.
    std::vector<ConnectionView> left_out;
};

/// What runs where nobody named a connection. Providers lock callers out who keep trying refused credentials.
void choose(Performed& performed, std::vector<ConnectionView>& connections) {
    using enum domain::ConnectionStatus;
    std::erase_if(connections, [&](const ConnectionView& connection) {
        const bool refused = connection.status == reauth_required || connection.status == disabled;
        if (refused) {
            performed.left_out.push_back(connection);
        }
        return refused || connection.status == paused || connection.status == removing;
    });
}

Result<Performed> perform(const CommandLine& line, const SyncArguments& arguments) {
    TRIBUTARY_TRY_LET(bench, Workbench::open(line));
    TRIBUTARY_TRY_LET(tenant, bench->tenant(arguments.tenant));
    Performed performed;
    std::vector<ConnectionView> connections;
    if (arguments.connection.empty()) {
        TRIBUTARY_TRY_LET(all, bench->run(bench->foundation->connections().connections(tenant.id)));
        connections = std::move(all);
        choose(performed, connections);
    } else {
        TRIBUTARY_TRY_LET(one, find_connection(*bench, tenant.id, arguments.connection));
        connections.push_back(std::move(one));
    }
    TRIBUTARY_TRY_LET(
        runs, bench->run(sync_all(*bench->foundation, line, tenant.id, std::move(connections), arguments)));
    performed.runs = std::move(runs);
    return performed;
}

}  // namespace

ExitCode sync_command(const CommandLine& line, const SyncArguments& arguments) {
    const auto performed = perform(line, arguments);
    if (!performed) {
        return report(performed.error());
    }
    ExitCode code = ExitCode::done;
    std::vector<json::Object> rows;
    for (const ConnectionView& connection : performed->left_out) {
        std::cerr
            << "tributary: " << connection.name
            << " was left out: its provider refused its credentials, and trying again may lock them. Once "
               "they are mended, sync it by its name.\n";
        code = ExitCode::failed;
    }
    for (const RunView& run : performed->runs) {
        json::Object row = admin::run_object(run);
        if (!line.json) {
            row = {{"run", to_text(run.id)},
                   {"connection", to_text(run.connection_id)},
                   {"state", run.state},
                   {"error", run.error_detail}};
        }
        rows.push_back(std::move(row));
        if (arguments.wait) {
            code = graver(code, exit_code_of(run));
        }
    }
    print_list(line, rows);
    return code;
}

}  // namespace tributary::app
