#include "domain/try.hpp"
#include "services/admin/drift_text.hpp"
#include "services/app/commands/commands.hpp"
#include "services/app/commands/find_connection.hpp"

namespace tributary::app {

using domain::Result;
using domain::Uuid;
using domain::ports::DriftEntry;
using domain::ports::QuarantineEntry;

namespace {

constexpr std::size_t rows_a_question = 500;

std::optional<std::string> wanted(const std::string& filter) {
    return filter.empty() ? std::nullopt : std::optional(filter);
}

Result<Uuid> id_of(const std::string& text, const char* list) {
    const auto id = domain::parse_uuid(text);
    if (!id) {
        return domain::fail(domain::Errc::invalid_input,
                            std::string("It is named by its id, as `tributary ") + list + "` shows it.");
    }
    return *id;
}

/// What a person looks for in a table.
json::Object drift_row(const CommandLine& line, const DriftEntry& entry) {
    if (line.json) {
        return admin::drift_object(entry);
    }
    return {{"id", to_text(entry.id)},
            {"provider", entry.provider},
            {"stream", entry.stream},
            {"kind", name_of(entry.note.kind)},
            {"path", entry.note.path},
            {"found", entry.note.found},
            {"state", entry.state},
            {"times", entry.times},
            {"last_seen_at", domain::to_text(entry.last_seen_at)}};
}

Result<void> list_drift(const CommandLine& line, const ReviewArguments& arguments) {
    TRIBUTARY_TRY_LET(bench, Workbench::open(line));
    TRIBUTARY_TRY_LET(tenant, bench->tenant(arguments.tenant));
    domain::ports::DriftQuery query{wanted(arguments.provider), wanted(arguments.stream),
                                    wanted(arguments.state), std::nullopt, rows_a_question};
    std::vector<json::Object> rows;
    for (std::size_t found = rows_a_question; found == rows_a_question;) {
        TRIBUTARY_TRY_LET(page, bench->run(bench->foundation->drift().drift(tenant.id, query)));
        for (const DriftEntry& entry : page) {
            rows.push_back(drift_row(line, entry));
            query.after = entry.id;
        }
        found = page.size();
    }
    print_list(line, rows);
    return {};
}

Result<void> accept(const CommandLine& line, const std::string& tenant_name, const std::string& text) {
    TRIBUTARY_TRY_LET(id, id_of(text, "drift list"));
    TRIBUTARY_TRY_LET(bench, Workbench::open(line));
    TRIBUTARY_TRY_LET(tenant, bench->tenant(tenant_name));
    TRIBUTARY_TRY_LET(entry,
                      bench->run(bench->foundation->drift().accept_drift(tenant.id, id, "command line")));
    print_object(line, admin::drift_object(entry));
    return {};
}

Result<void> list_quarantine(const CommandLine& line, const ReviewArguments& arguments) {
    TRIBUTARY_TRY_LET(bench, Workbench::open(line));
    TRIBUTARY_TRY_LET(tenant, bench->tenant(arguments.tenant));
    domain::ports::QuarantineQuery query{std::nullopt, wanted(arguments.stream), std::nullopt,
                                         rows_a_question};
    if (!arguments.connection.empty()) {
        TRIBUTARY_TRY_LET(connection, find_connection(*bench, tenant.id, arguments.connection));
        query.connection_id = connection.id;
    }
    std::vector<json::Object> rows;
    for (std::size_t found = rows_a_question; found == rows_a_question;) {
        TRIBUTARY_TRY_LET(
            page, bench->run(bench->foundation->reprocess_tools().quarantine.quarantine(tenant.id, query)));
        for (const QuarantineEntry& entry : page) {
            rows.push_back(admin::quarantine_object(entry));
            query.after = entry.id;
        }
        found = page.size();
    }
    print_list(line, rows);
    return {};
}

Result<void> show(const CommandLine& line, const std::string& tenant_name, const std::string& text) {
    TRIBUTARY_TRY_LET(id, id_of(text, "quarantine list"));
    TRIBUTARY_TRY_LET(bench, Workbench::open(line));
    TRIBUTARY_TRY_LET(tenant, bench->tenant(tenant_name));
    TRIBUTARY_TRY_LET(object, bench->run(bench->foundation->reprocess_tools().quarantine.quarantined_object(
                                  tenant.id, id)));
    print_object(line, admin::quarantined_object(object));
    return {};
}

Result<void> decode_again(const CommandLine& line, const std::string& tenant_name, const std::string& text) {
    TRIBUTARY_TRY_LET(id, id_of(text, "quarantine list"));
    TRIBUTARY_TRY_LET(bench, Workbench::open(line));
    TRIBUTARY_TRY_LET(tenant, bench->tenant(tenant_name));
    TRIBUTARY_TRY_LET(done, bench->run(sync::reprocess(bench->foundation->reprocess_tools(), tenant.id, id)));
    print_object(line, admin::reprocessed_object(done));
    return {};
}

ExitCode ended(const Result<void>& done) {
    return done ? ExitCode::done : report(done.error());
}

}  // namespace

ExitCode drift_list_command(const CommandLine& line, const ReviewArguments& arguments) {
    return ended(list_drift(line, arguments));
}

ExitCode drift_accept_command(const CommandLine& line, const std::string& tenant, const std::string& id) {
    return ended(accept(line, tenant, id));
}

ExitCode quarantine_list_command(const CommandLine& line, const ReviewArguments& arguments) {
    return ended(list_quarantine(line, arguments));
}

ExitCode quarantine_show_command(const CommandLine& line, const std::string& tenant, const std::string& id) {
    return ended(show(line, tenant, id));
}

ExitCode quarantine_reprocess_command(const CommandLine& line, const std::string& tenant,
                                      const std::string& id) {
    return ended(decode_again(line, tenant, id));
}

}  // namespace tributary::app
