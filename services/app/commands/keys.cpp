#include <algorithm>
#include <chrono>

#include "domain/try.hpp"
#include "services/admin/api_key.hpp"
#include "services/app/commands/commands.hpp"

namespace tributary::app {

using domain::Result;
using domain::ports::ApiKey;

namespace {

/// A hundred years: beyond any use, and far from where dates end.
constexpr unsigned longest_life_days = 36'500;

json::Object row_of(const ApiKey& key) {
    json::Array scopes;
    for (const std::string& scope : key.scopes) {
        scopes.emplace_back(scope);
    }
    const auto when = [](const std::optional<domain::Timestamp>& at) {
        return at ? json::Value(domain::to_text(*at)) : json::Value();
    };
    return {{"id", to_text(key.id)},
            {"prefix", key.prefix},
            {"scopes", std::move(scopes)},
            {"created_at", domain::to_text(key.created_at)},
            {"expires_at", when(key.expires_at)},
            {"revoked_at", when(key.revoked_at)}};
}

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
    json::Object row = row_of(stored);
    json::set(row, "key", text);
    return row;
}

}  // namespace

ExitCode key_create_command(const CommandLine& line, const KeyArguments& arguments) {
    if (arguments.days > longest_life_days) {
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
    std::ranges::transform(*keys, std::back_inserter(rows), row_of);
    print_list(line, rows);
    return ExitCode::done;
}

ExitCode key_revoke_command(const CommandLine& line, const std::string& tenant, const std::string& id) {
    const auto key = domain::parse_uuid(id);
    if (!key) {
        return report(
            {domain::Errc::invalid_input, "A key is named by its id, as `tributary key list` shows it."});
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
