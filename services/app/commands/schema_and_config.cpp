#include <iostream>

#include "adapters/crypto/key_file.hpp"
#include "adapters/postgres/migrate.hpp"
#include "adapters/postgres/service_role.hpp"
#include "domain/try.hpp"
#include "services/app/commands/commands.hpp"

namespace tributary::app {

using domain::Result;

ExitCode migrate_command(const CommandLine& line) {
    const auto url = direct_database_url(line.settings);
    if (!url) {
        return report(url.error());
    }
    const auto applied = postgres::migrate(*url);
    if (!applied) {
        return report(applied.error());
    }
    const std::string& role = line.settings.database_role;
    if (!role.empty()) {
        if (const auto admitted = postgres::admit_service_role(*url, role); !admitted) {
            return report(admitted.error());
        }
    }
    if (line.json) {
        json::Array names;
        for (const std::string& name : *applied) {
            names.emplace_back(name);
        }
        print_object(line, {{"applied", std::move(names)}});
        return ExitCode::done;
    }
    for (const std::string& name : *applied) {
        std::cout << "applied " << name << '\n';
    }
    if (applied->empty()) {
        std::cout << "the schema is up to date\n";
    }
    if (!role.empty()) {
        std::cout << "the role " << role << " may work on it\n";
    }
    return ExitCode::done;
}

ExitCode config_check_command(const CommandLine& line) {
    if (const auto direct = direct_database_url(line.settings); !direct) {
        return report(direct.error());
    }
    if (const auto checked = Foundation::check(line.settings); !checked) {
        return report(checked.error());
    }
    print_object(line, {{"ok", true}});
    return ExitCode::done;
}

ExitCode config_print_command(const CommandLine& line) {
    std::vector<json::Object> rows;
    for (const config::Origin& origin : line.origins) {
        rows.push_back({{"key", origin.key}, {"value", origin.value}, {"origin", origin.origin}});
    }
    print_list(line, rows);
    return ExitCode::done;
}

}  // namespace tributary::app
