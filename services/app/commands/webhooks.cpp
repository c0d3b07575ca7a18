#include <utility>

#include "domain/try.hpp"
#include "services/admin/webhook_text.hpp"
#include "services/app/commands/commands.hpp"
#include "services/app/commands/find_connection.hpp"
#include "services/webhooks/desk.hpp"

namespace tributary::app {

using domain::Errc;
using domain::Result;
using domain::ports::WebhookTarget;

namespace {

/// A connection and a session with its provider.
struct AtTheDesk {
    std::unique_ptr<Workbench> bench;
    WebhookTarget target;
    std::optional<webhooks::OpenDesk> open;

    [[nodiscard]] domain::ports::WebhookDesk& desk() const { return open->desk; }
};

Result<AtTheDesk> go_to_desk(const CommandLine& line, const WebhookArguments& arguments) {
    AtTheDesk at;
    TRIBUTARY_TRY_LET(bench, Workbench::open(line));
    at.bench = std::move(bench);
    TRIBUTARY_TRY_LET(tenant, at.bench->tenant(arguments.tenant));
    TRIBUTARY_TRY_LET(connection, find_connection(*at.bench, tenant.id, arguments.connection));
    TRIBUTARY_TRY_LET(target, at.bench->run(at.bench->foundation->webhooks().webhook_target(connection.id)));
    at.target = std::move(target);
    TRIBUTARY_TRY_LET(open, webhooks::open_desk(at.bench->foundation->sync_tools(), at.target));
    at.open.emplace(std::move(open));
    return at;
}

/// Where the provider is to deliver. Plain HTTP only to a provider that is itself a sandbox on this machine.
Result<std::string> delivery_url(const WebhookTarget& target, std::string origin) {
    while (origin.ends_with('/')) {
        origin.pop_back();
    }
    const bool local = target.connection.base_url.starts_with("http://") && origin.starts_with("http://");
    const std::size_t scheme = origin.find("://");
    const bool bare = scheme != std::string::npos && origin.size() > scheme + 3 &&
                      origin.find_first_of("/?#@ ", scheme + 3) == std::string::npos;
    if (!bare || (!local && !origin.starts_with("https://"))) {
        return domain::fail(Errc::invalid_input,
                            "--url must be the origin under which the provider reaches this service, "
                            "https://host[:port] without a path.");
    }
    return origin + admin::webhook_path(target.connection.provider, target.connection.id);
}

/// The subscription named, or the only one that delivers to this connection.
Result<std::string> subscription_of(AtTheDesk& at, const std::string& named) {
    TRIBUTARY_TRY_LET(all, at.bench->run(at.desk().subscriptions()));
    const std::string path = admin::webhook_path(at.target.connection.provider, at.target.connection.id);
    std::string found;
    for (const auto& subscription : all) {
        if (named.empty() ? subscription.url.ends_with(path) : subscription.id == named) {
            if (!found.empty()) {
                return domain::fail(Errc::invalid_input,
                                    "There are several; name one with --subscription ID.");
            }
            found = subscription.id;
        }
    }
    if (found.empty()) {
        return domain::fail(Errc::not_found,
                            "There is no such subscription; `tributary webhook subscribe` makes one.");
    }
    return found;
}

Result<void> subscribe(const CommandLine& line, const WebhookArguments& arguments) {
    TRIBUTARY_TRY_LET(at, go_to_desk(line, arguments));
    TRIBUTARY_TRY_LET(url, delivery_url(at.target, arguments.url));
    TRIBUTARY_TRY_LET(made,
                      at.bench->run(at.desk().subscribe(url, "Tributary " + at.target.connection.name)));
    print_object(line, admin::subscription_object(made));
    return {};
}

Result<void> list(const CommandLine& line, const WebhookArguments& arguments) {
    TRIBUTARY_TRY_LET(at, go_to_desk(line, arguments));
    TRIBUTARY_TRY_LET(all, at.bench->run(at.desk().subscriptions()));
    std::vector<json::Object> rows;
    for (const auto& subscription : all) {
        rows.push_back(admin::subscription_object(subscription));
    }
    print_list(line, rows);
    return {};
}

Result<ExitCode> try_out(const CommandLine& line, const WebhookArguments& arguments) {
    TRIBUTARY_TRY_LET(at, go_to_desk(line, arguments));
    TRIBUTARY_TRY_LET(id, subscription_of(at, arguments.subscription));
    TRIBUTARY_TRY_LET(trial, at.bench->run(at.desk().try_out(id)));
    print_object(line, admin::trial_object(trial));
    return trial.status == 200 ? ExitCode::done : ExitCode::failed;
}

Result<void> remove(const CommandLine& line, const WebhookArguments& arguments) {
    TRIBUTARY_TRY_LET(at, go_to_desk(line, arguments));
    TRIBUTARY_TRY_LET(id, subscription_of(at, arguments.subscription));
    return at.bench->run(at.desk().unsubscribe(id));
}

Result<void> inbox(const CommandLine& line, const WebhookArguments& arguments) {
    TRIBUTARY_TRY_LET(bench, Workbench::open(line));
    TRIBUTARY_TRY_LET(tenant, bench->tenant(arguments.tenant));
    TRIBUTARY_TRY_LET(connection, find_connection(*bench, tenant.id, arguments.connection));
    TRIBUTARY_TRY_LET(view, bench->run(bench->foundation->webhooks().inbox(tenant.id, connection.id)));
    print_object(line, admin::inbox_object(connection.id, view));
    return {};
}

ExitCode code_of(const Result<void>& done) {
    return done ? ExitCode::done : report(done.error());
}

}  // namespace

ExitCode webhook_subscribe_command(const CommandLine& line, const WebhookArguments& arguments) {
    return code_of(subscribe(line, arguments));
}

ExitCode webhook_list_command(const CommandLine& line, const WebhookArguments& arguments) {
    return code_of(list(line, arguments));
}

ExitCode webhook_test_command(const CommandLine& line, const WebhookArguments& arguments) {
    const Result<ExitCode> tried = try_out(line, arguments);
    return tried ? *tried : report(tried.error());
}

ExitCode webhook_delete_command(const CommandLine& line, const WebhookArguments& arguments) {
    return code_of(remove(line, arguments));
}

ExitCode webhook_inbox_command(const CommandLine& line, const WebhookArguments& arguments) {
    return code_of(inbox(line, arguments));
}

}  // namespace tributary::app
