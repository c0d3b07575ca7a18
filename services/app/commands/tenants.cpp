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

bool is_tenant_name(const std::string& name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    };
    return !name.empty() && name.size() <= 63 && std::ranges::all_of(name, allowed);
}

}  // namespace

ExitCode tenant_create_command(const CommandLine& line, const std::string& name) {
    if (!is_tenant_name(name)) {
        return report(
            {domain::Errc::invalid_input, "A tenant's name has 1 to 63 letters, digits, '-' or '_'."});
    }
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
