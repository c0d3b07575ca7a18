#include "services/replay/replay.hpp"

#include <iostream>
#include <utility>

#include "domain/spelling.hpp"
#include "domain/try.hpp"
#include "services/app/commands/commands.hpp"
#include "services/app/commands/find_connection.hpp"

namespace tributary::app {

using domain::Errc;
using domain::Result;
using domain::Timestamp;
using domain::ports::ConnectionView;
using replay::ReplayReport;
using replay::StreamReplay;

namespace {

Result<std::optional<Timestamp>> read_since(const std::string& text) {
    if (text.empty()) {
        return std::nullopt;
    }
    const auto time = domain::parse_timestamp(text);
    if (!time) {
        return domain::fail(Errc::invalid_input,
                            "--since is no time; write it with its zone, as 2026-11-01T00:00:00Z.");
    }
    return time;
}

Result<const domain::ports::Provider*> find_provider(const Foundation& foundation, const std::string& name) {
    const domain::ports::Provider* provider = foundation.providers().find(name);
    if (provider == nullptr) {
        const auto known = foundation.providers().names();
        return domain::fail(Errc::invalid_input, "There is no provider '" + name + "'; the nearest is '" +
                                                     std::string(domain::nearest_name(name, known).name) +
                                                     "'.");
    }
    return provider;
}

/// The provider's connections, or the one that is named.
Result<std::vector<ConnectionView>> choose(Workbench& bench, const domain::Uuid& tenant,
                                           const ReplayArguments& arguments) {
    if (!arguments.connection.empty()) {
        TRIBUTARY_TRY_LET(one, find_connection(bench, tenant, arguments.connection));
        if (one.provider != arguments.provider) {
            return domain::fail(Errc::invalid_input, "The connection '" + one.name + "' is one to " +
                                                         one.provider + ", not to " + arguments.provider +
                                                         ".");
        }
        return std::vector{std::move(one)};
    }
    TRIBUTARY_TRY_LET(all, bench.run(bench.foundation->connections().connections(tenant)));
    std::erase_if(all, [&](const ConnectionView& connection) {
        return connection.provider != arguments.provider ||
               connection.status == domain::ConnectionStatus::removing;
    });
    return all;
}

/// Somebody else had the connection, or took it over: another time it works.
ExitCode exit_code_of_replay(Errc code) {
    return code == Errc::stale_owner ? ExitCode::try_again_later : exit_code_of(code);
}

void print_summary(const ConnectionView& connection, const ReplayReport& report, bool dry_run) {
    std::uint64_t versions = 0;
    std::uint64_t touched = 0;
    std::uint64_t refused = 0;
    for (const StreamReplay& stream : report.streams) {
        versions += stream.versions();
        touched += dry_run ? stream.differing() : stream.rewritten();
        refused += stream.refused();
    }
    std::cerr << "tributary: " << connection.name << ": " << versions << " versions read, " << touched
              << (dry_run ? " would change" : " rewritten") << ", " << refused << " not decodable any more"
              << (refused > 0 && !dry_run ? " (they keep their last form)" : "") << ".\n";
}

void add_field_rows(const ConnectionView& connection, const StreamReplay& stream,
                    std::vector<json::Object>& rows) {
    for (const auto& [field, counts] : stream.fields()) {
        rows.push_back({{"connection", connection.name},
                        {"stream", stream.stream()},
                        {"field", field},
                        {"added", counts.added},
                        {"removed", counts.removed},
                        {"changed", counts.changed}});
    }
}

json::Object report_object(const ConnectionView& connection, const ReplayReport& report, bool dry_run) {
    json::Object object{
        {"connection", connection.name}, {"connection_id", to_text(connection.id)}, {"dry_run", dry_run}};
    if (report.run) {
        json::set(object, "run", to_text(*report.run));
    }
    for (json::Entry& entry : report.to_json()) {
        json::set(object, entry.key, std::move(entry.value));
    }
    return object;
}

Result<ExitCode> perform(const CommandLine& line, const ReplayArguments& arguments) {
    TRIBUTARY_TRY_LET(since, read_since(arguments.since));
    TRIBUTARY_TRY_LET(bench, Workbench::open(line));
    Foundation& foundation = *bench->foundation;
    TRIBUTARY_TRY_LET(provider, find_provider(foundation, arguments.provider));
    TRIBUTARY_TRY_LET(tenant, bench->tenant(arguments.tenant));
    TRIBUTARY_TRY_LET(connections, choose(*bench, tenant.id, arguments));
    const replay::ReplayHold hold{foundation.new_id(), line.settings.sync_lease};
    ExitCode code = ExitCode::done;
    std::vector<json::Object> rows;
    for (const ConnectionView& connection : connections) {
        replay::ReplayTask task{tenant.id, connection, provider, since};
        const Result<ReplayReport> done =
            bench->run(arguments.dry_run ? replay::preview(foundation.replay_tools(), std::move(task))
                                         : replay::replay(foundation.replay_tools(), std::move(task), hold));
        if (!done) {
            std::cerr << "tributary: " << connection.name << " was not replayed: " << done.error().detail
                      << '\n';
            code = graver(code, exit_code_of_replay(done.error().code));
            continue;
        }
        print_summary(connection, *done, arguments.dry_run);
        if (line.json) {
            rows.push_back(report_object(connection, *done, arguments.dry_run));
            continue;
        }
        for (const StreamReplay& stream : done->streams) {
            add_field_rows(connection, stream, rows);
        }
    }
    print_list(line, rows);
    return code;
}

}  // namespace

ExitCode replay_command(const CommandLine& line, const ReplayArguments& arguments) {
    const Result<ExitCode> code = perform(line, arguments);
    return code ? *code : report(code.error());
}

}  // namespace tributary::app
