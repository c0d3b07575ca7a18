#include <algorithm>
#include <iostream>

#include "services/app/commands/commands.hpp"

namespace tributary::app {

namespace {

json::Object row_of(const domain::ports::Tenant& tenant) {
    return {{"id", to_text(tenant.id)},
            {"name", tenant.name},
            {"created_at", domain::to_text(tenant.created_at)}};
}

}  // namespace

ExitCode tenant_create_command(const CommandLine& line, const std::string& name) {
    auto bench = Workbench::open(line);
    if (!bench) {
        return report(bench.error());
    }
    Foundation& foundation = *(*bench)->foundation;
    const auto tenant = (*bench)->run(foundation.admin().create_tenant(foundation.new_id(), name));
    if (!tenant) {
        return report(tenant.error());
    }
    print_object(line, row_of(*tenant));
    return ExitCode::done;
}

ExitCode tenant_list_command(const CommandLine& line) {
    auto bench = Workbench::open(line);
    if (!bench) {
        return report(bench.error());
    }
    const auto tenants = (*bench)->run((*bench)->foundation->admin().tenants());
    if (!tenants) {
        return report(tenants.error());
    }
    std::vector<json::Object> rows;
    std::ranges::transform(*tenants, std::back_inserter(rows), row_of);
    print_list(line, rows);
    return ExitCode::done;
}

}  // namespace tributary::app
