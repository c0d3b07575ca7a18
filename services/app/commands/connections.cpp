#include <algorithm>
#include <iostream>

#include "adapters/system/text_file.hpp"
#include "domain/json/write.hpp"
#include "domain/try.hpp"
#include "services/admin/connection_request.hpp"
#include "services/admin/connection_text.hpp"
#include "services/admin/json_body.hpp"
#include "services/admin/repair_request.hpp"
#include "services/app/commands/commands.hpp"
#include "services/app/commands/find_connection.hpp"
#include "services/sync/credentials.hpp"

namespace tributary::app {

using domain::Errc;
using domain::Result;
using domain::ports::ConnectionView;

Result<ConnectionView> find_connection(Workbench& bench, const domain::Uuid& tenant,
                                       const std::string& name_or_id) {
    TRIBUTARY_TRY_LET(all, bench.run(bench.foundation->connections().connections(tenant)));
    const auto found = std::ranges::find_if(all, [&](const ConnectionView& connection) {
        return connection.name == name_or_id || to_text(connection.id) == name_or_id;
    });
    if (found == all.end()) {
        return domain::fail(Errc::not_found, "There is no connection named '" + name_or_id +
                                                 "'; `tributary connection list` shows those there are.");
    }
    return *found;
}

namespace {

/// A file named on the command line is input, whatever is wrong with it.
Result<std::string> read_input(const std::string& file) {
    auto text =
        file == "-" ? system::read_text(std::cin, "The standard input") : system::read_text_file(file);
    if (!text) {
        text.error().code = Errc::invalid_input;
    }
    return text;
}

/// Runs `act` with an open workbench and the tenant, and reports whatever fails.
template <class Act>
ExitCode with_tenant(const CommandLine& line, const std::string& tenant_name, Act act) {
    auto bench = Workbench::open(line);
    if (!bench) {
        return report(bench.error());
    }
    const auto tenant = (*bench)->tenant(tenant_name);
    if (!tenant) {
        return report(tenant.error());
    }
    const Result<void> done = act(**bench, tenant->id);
    return done ? ExitCode::done : report(done.error());
}

/// Reports every fault but the last, which the caller reports.
std::unexpected<domain::Error> all_but_last_reported(const std::vector<domain::Error>& faults) {
    for (std::size_t i = 0; i + 1 < faults.size(); ++i) {
        report(faults[i]);
    }
    return std::unexpected(faults.back());
}

Result<void> add(const CommandLine& line, Workbench& bench, const domain::Uuid& tenant,
                 const std::string& file) {
    TRIBUTARY_TRY_LET(text, read_input(file));
    const auto body = admin::read_json_body(text);
    if (!body) {
        return all_but_last_reported(body.error());
    }
    auto request =
        admin::read_connection_request(*body, bench.foundation->providers(), line.settings.allowed_base_urls);
    if (!request) {
        return all_but_last_reported(request.error());
    }
    domain::ports::NewConnection connection;
    connection.id = bench.foundation->new_id();
    connection.name = request->name;
    connection.provider = request->provider;
    connection.environment = request->environment;
    connection.base_url = request->base_url;
    connection.period = request->period;
    connection.settings = json::write(request->settings);
    connection.sealed_credentials =
        sync::seal_credentials(bench.foundation->sealer(), tenant, connection.id, request->credentials);
    TRIBUTARY_TRY_LET(
        stored, bench.run(bench.foundation->connections().create_connection(tenant, std::move(connection))));
    print_object(line, admin::connection_object(stored));
    return {};
}

Result<void> repair(const CommandLine& line, Workbench& bench, const domain::Uuid& tenant,
                    const std::string& name, const std::string& file) {
    TRIBUTARY_TRY_LET(connection, find_connection(bench, tenant, name));
    TRIBUTARY_TRY_LET(text, read_input(file));
    const auto body = admin::read_json_body(text);
    if (!body) {
        return all_but_last_reported(body.error());
    }
    const auto request = admin::read_repair_request(*body, connection, bench.foundation->providers());
    if (!request) {
        return all_but_last_reported(request.error());
    }
    domain::ports::ConnectionRepair repair{
        connection.id,
        sync::seal_credentials(bench.foundation->sealer(), tenant, connection.id, request->credentials),
        {}};
    if (request->settings) {
        repair.settings = json::write(*request->settings);
    }
    TRIBUTARY_TRY_LET(
        repaired, bench.run(bench.foundation->connections().repair_connection(tenant, std::move(repair))));
    print_object(line, admin::connection_object(repaired));
    return {};
}

}  // namespace

ExitCode connection_repair_command(const CommandLine& line, const std::string& tenant,
                                   const std::string& connection, const std::string& file) {
    return with_tenant(line, tenant, [&](Workbench& bench, const domain::Uuid& id) {
        return repair(line, bench, id, connection, file);
    });
}

ExitCode connection_add_command(const CommandLine& line, const std::string& tenant, const std::string& file) {
    return with_tenant(line, tenant,
                       [&](Workbench& bench, const domain::Uuid& id) { return add(line, bench, id, file); });
}

ExitCode connection_list_command(const CommandLine& line, const std::string& tenant) {
    return with_tenant(line, tenant, [&](Workbench& bench, const domain::Uuid& id) -> Result<void> {
        TRIBUTARY_TRY_LET(all, bench.run(bench.foundation->connections().connections(id)));
        std::vector<json::Object> rows;
        for (const ConnectionView& connection : all) {
            json::Object row = admin::connection_object(connection);
            if (!line.json) {
                std::erase_if(row, [](const json::Entry& entry) {
                    return entry.key == "streams" || entry.key == "settings" || entry.key == "base_url" ||
                           entry.key == "last_run_id" || entry.key == "created_at" ||
                           entry.key == "next_due_at" || entry.key == "next_step";
                });
                json::set(row, "status_reason", connection.status_reason);
            }
            rows.push_back(std::move(row));
        }
        print_list(line, rows);
        return {};
    });
}

ExitCode connection_show_command(const CommandLine& line, const std::string& tenant,
                                 const std::string& connection) {
    return with_tenant(line, tenant, [&](Workbench& bench, const domain::Uuid& id) -> Result<void> {
        TRIBUTARY_TRY_LET(found, find_connection(bench, id, connection));
        print_object(line, admin::connection_object(found));
        return {};
    });
}

ExitCode connection_remove_command(const CommandLine& line, const std::string& tenant,
                                   const std::string& connection) {
    return with_tenant(line, tenant, [&](Workbench& bench, const domain::Uuid& id) -> Result<void> {
        TRIBUTARY_TRY_LET(found, find_connection(bench, id, connection));
        TRIBUTARY_TRY(bench.run(bench.foundation->connections().remove_connection(id, found.id)));
        print_object(line, {{"id", to_text(found.id)}, {"name", found.name}, {"status", "removing"}});
        return {};
    });
}

ExitCode connection_pause_command(const CommandLine& line, const std::string& tenant,
                                  const std::string& connection, bool paused) {
    return with_tenant(line, tenant, [&](Workbench& bench, const domain::Uuid& id) -> Result<void> {
        TRIBUTARY_TRY_LET(found, find_connection(bench, id, connection));
        TRIBUTARY_TRY(bench.run(bench.foundation->connections().pause_connection(id, found.id, paused)));
        TRIBUTARY_TRY_LET(now, find_connection(bench, id, to_text(found.id)));
        print_object(line, admin::connection_object(now));
        return {};
    });
}

}  // namespace tributary::app
