#include "domain/try.hpp"
#include "services/admin/proposal_text.hpp"
#include "services/app/commands/commands.hpp"

namespace tributary::app {

using domain::Result;
using domain::Uuid;

namespace {

Result<Uuid> run_id_of(const std::string& text) {
    const auto id = domain::parse_uuid(text);
    if (!id) {
        return domain::fail(
            domain::Errc::invalid_input,
            "The run is named by its id; `tributary connection show` has that of the last one.");
    }
    return *id;
}

Result<void> show(const CommandLine& line, const std::string& tenant_name, const std::string& run) {
    TRIBUTARY_TRY_LET(id, run_id_of(run));
    TRIBUTARY_TRY_LET(bench, Workbench::open(line));
    TRIBUTARY_TRY_LET(tenant, bench->tenant(tenant_name));
    TRIBUTARY_TRY_LET(proposal, bench->run(bench->foundation->connections().proposal(tenant.id, id)));
    print_object(line, admin::proposal_object(proposal));
    return {};
}

Result<void> decide(const CommandLine& line, const std::string& tenant_name, const std::string& run,
                    bool approve) {
    TRIBUTARY_TRY_LET(id, run_id_of(run));
    TRIBUTARY_TRY_LET(bench, Workbench::open(line));
    TRIBUTARY_TRY_LET(tenant, bench->tenant(tenant_name));
    TRIBUTARY_TRY_LET(decided, bench->run(bench->foundation->connections().decide_proposal(
                                   tenant.id, {id, approve, "command line"})));
    print_object(line, admin::proposal_object(decided));
    return {};
}

}  // namespace

ExitCode proposal_show_command(const CommandLine& line, const std::string& tenant, const std::string& run) {
    const Result<void> done = show(line, tenant, run);
    return done ? ExitCode::done : report(done.error());
}

ExitCode proposal_decide_command(const CommandLine& line, const std::string& tenant, const std::string& run,
                                 bool approve) {
    const Result<void> done = decide(line, tenant, run, approve);
    return done ? ExitCode::done : report(done.error());
}

}  // namespace tributary::app
