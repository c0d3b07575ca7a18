#include <algorithm>
#include <chrono>

#include "domain/try.hpp"
#include "services/admin/api_key.hpp"
#include "services/admin/key_request.hpp"
#include "services/admin/key_text.hpp"
#include "services/app/commands/commands.hpp"

namespace tributary::app {

using domain::Result;
using domain::ports::ApiKey;

namespace {

constexpr auto wrong_id = "A key is named by its id, as `tributary key list` shows it.";

Result<json::Object> create(Workbench& bench, const KeyArguments& arguments) {
    TRIBUTARY_TRY_LET(scopes, admin::parse_scopes(arguments.scopes));
    TRIBUTARY_TRY_LET(tenant, bench.tenant(arguments.tenant));
    Foundation& foundation = *bench.foundation;
    const std::string text = admin::make_api_key(foundation.random());
    ApiKey key;
    key.id = foundation.new_id();
    key.tenant = tenant.id;
    key.prefix = admin::api_key_prefix(text);
    key.scopes = std::move(scopes);
    if (arguments.days > 0) {
        key.expires_at = foundation.clock().now() + std::chrono::days(arguments.days);
    }
    std::string hash = admin::api_key_hash(foundation.sealer(), text);
    TRIBUTARY_TRY_LET(stored, bench.run(foundation.admin().create_key(std::move(key), std::move(hash))));
    json::Object row = admin::key_object(stored);
    json::set(row, "key", text);
    return row;
}

Result<json::Object> rotate(Workbench& bench, const KeyArguments& arguments) {
    const auto id = domain::parse_uuid(arguments.id);
    if (!id) {
        return domain::fail(domain::Errc::invalid_input, wrong_id);
    }
    TRIBUTARY_TRY_LET(grace, admin::parse_grace(arguments.grace));
    TRIBUTARY_TRY_LET(tenant, bench.tenant(arguments.tenant));
    Foundation& foundation = *bench.foundation;
    const std::string text = admin::make_api_key(foundation.random());
    domain::ports::KeyRotation rotation{tenant.id, *id, foundation.new_id(), admin::api_key_prefix(text),
                                        grace};
    std::string hash = admin::api_key_hash(foundation.sealer(), text);
    TRIBUTARY_TRY_LET(made, bench.run(foundation.admin().rotate_key(std::move(rotation), std::move(hash))));
    json::Object row = admin::key_object(made);
    json::set(row, "key", text);
    return row;
}

}  // namespace

ExitCode key_create_command(const CommandLine& line, const KeyArguments& arguments) {
    if (arguments.days > admin::longest_key_life.count()) {
        return report(
            {domain::Errc::invalid_input,
             "A key lives at most 36500 days; give --days fewer, or 0 for a key that never expires."});
    }
    auto bench = Workbench::open(line);
    if (!bench) {
        return report(bench.error());
    }
    const auto row = create(**bench, arguments);
    if (!row) {
        return report(row.error());
    }
    print_object(line, *row);
    return ExitCode::done;
}

ExitCode key_rotate_command(const CommandLine& line, const KeyArguments& arguments) {
    auto bench = Workbench::open(line);
    if (!bench) {
        return report(bench.error());
    }
    const auto row = rotate(**bench, arguments);
    if (!row) {
        return report(row.error());
    }
    print_object(line, *row);
    return ExitCode::done;
}

ExitCode key_list_command(const CommandLine& line, const std::string& tenant) {
    auto bench = Workbench::open(line);
    if (!bench) {
        return report(bench.error());
    }
    const auto owner = (*bench)->tenant(tenant);
    if (!owner) {
        return report(owner.error());
    }
    const auto keys = (*bench)->run((*bench)->foundation->admin().keys(owner->id));
    if (!keys) {
        return report(keys.error());
    }
    std::vector<json::Object> rows;
    std::ranges::transform(*keys, std::back_inserter(rows), admin::key_object);
    print_list(line, rows);
    return ExitCode::done;
}

ExitCode key_revoke_command(const CommandLine& line, const std::string& tenant, const std::string& id) {
    const auto key = domain::parse_uuid(id);
    if (!key) {
        return report({domain::Errc::invalid_input, wrong_id});
    }
    auto bench = Workbench::open(line);
    if (!bench) {
        return report(bench.error());
    }
    const auto owner = (*bench)->tenant(tenant);
    if (!owner) {
        return report(owner.error());
    }
    const auto revoked = (*bench)->run((*bench)->foundation->admin().revoke_key(owner->id, *key));
    if (!revoked) {
        return report(revoked.error());
    }
    print_object(line, {{"id", id}, {"revoked", true}});
    return ExitCode::done;
}

}  // namespace tributary::app
