// The commands of the program, one function each. They print their own messages and return the exit code.
#pragma once

#include <string>

#include "services/app/command.hpp"

namespace tributary::app {

ExitCode serve_command(const CommandLine& line);
/// Brings the schema up to date; says what it applied.
ExitCode migrate_command(const CommandLine& line);

struct SyncArguments {
    std::string tenant;
    /// Name or id; empty: every connection of the tenant that is not paused and whose credentials work.
    std::string connection;
    /// Do the work here if nobody else does, and end when it is done.
    bool wait = false;
};

ExitCode sync_command(const CommandLine& line, const SyncArguments& arguments);

struct ReplayArguments {
    std::string tenant;
    std::string provider;
    /// Name or id; empty: every connection of the provider.
    std::string connection;
    /// RFC 3339; empty: whatever is kept.
    std::string since;
    /// Tell what would change, and change nothing.
    bool dry_run = false;
};

ExitCode replay_command(const CommandLine& line, const ReplayArguments& arguments);

ExitCode tenant_create_command(const CommandLine& line, const std::string& name);
ExitCode tenant_list_command(const CommandLine& line);

/// `file`: a JSON object as POST /v1/connections takes it; "-" reads stdin.
ExitCode connection_add_command(const CommandLine& line, const std::string& tenant, const std::string& file);
/// `file`: new credentials, and settings where those change, as PATCH /v1/connections/{id} takes them; "-"
/// reads stdin.
ExitCode connection_repair_command(const CommandLine& line, const std::string& tenant,
                                   const std::string& connection, const std::string& file);
ExitCode connection_list_command(const CommandLine& line, const std::string& tenant);
ExitCode connection_show_command(const CommandLine& line, const std::string& tenant,
                                 const std::string& connection);
ExitCode connection_remove_command(const CommandLine& line, const std::string& tenant,
                                   const std::string& connection);
ExitCode connection_pause_command(const CommandLine& line, const std::string& tenant,
                                  const std::string& connection, bool paused);

ExitCode proposal_show_command(const CommandLine& line, const std::string& tenant, const std::string& run);
ExitCode proposal_decide_command(const CommandLine& line, const std::string& tenant, const std::string& run,
                                 bool approve);

struct ReviewArguments {
    std::string tenant;
    /// Filters of the lists; empty: all.
    std::string provider;
    std::string stream;
    std::string state;
    /// Connection by name or id.
    std::string connection;
};

ExitCode drift_list_command(const CommandLine& line, const ReviewArguments& arguments);
ExitCode drift_accept_command(const CommandLine& line, const std::string& tenant, const std::string& id);
ExitCode quarantine_list_command(const CommandLine& line, const ReviewArguments& arguments);
/// With the payload, as the provider sent it.
ExitCode quarantine_show_command(const CommandLine& line, const std::string& tenant, const std::string& id);
ExitCode quarantine_reprocess_command(const CommandLine& line, const std::string& tenant,
                                      const std::string& id);

struct WebhookArguments {
    std::string tenant;
    /// Name or id.
    std::string connection;
    /// Origin under which the provider reaches this service. Subscribing only.
    std::string url;
    /// The provider's id of a subscription; empty: the one that delivers to this connection.
    std::string subscription;
};

/// Calls at the provider, with the connection's credentials.
ExitCode webhook_subscribe_command(const CommandLine& line, const WebhookArguments& arguments);
ExitCode webhook_list_command(const CommandLine& line, const WebhookArguments& arguments);
/// Asks for a delivery; fails where this service did not answer it with 200.
ExitCode webhook_test_command(const CommandLine& line, const WebhookArguments& arguments);
ExitCode webhook_delete_command(const CommandLine& line, const WebhookArguments& arguments);
/// What arrived here and what became of it.
ExitCode webhook_inbox_command(const CommandLine& line, const WebhookArguments& arguments);

struct KeyArguments {
    std::string tenant;
    /// Comma-separated.
    std::string scopes;
    /// Days until it expires; 0: never.
    unsigned days = 0;
    /// The key to rotate.
    std::string id;
    /// How long a rotated key goes on.
    std::string grace = "24h";
};

/// Prints the key: the only time it is ever shown.
ExitCode key_create_command(const CommandLine& line, const KeyArguments& arguments);
/// Prints the new key, as key_create_command() does.
ExitCode key_rotate_command(const CommandLine& line, const KeyArguments& arguments);
ExitCode key_list_command(const CommandLine& line, const std::string& tenant);
ExitCode key_revoke_command(const CommandLine& line, const std::string& tenant, const std::string& id);

/// Settings, key file, database and schema: what `serve` would refuse, without serving.
ExitCode config_check_command(const CommandLine& line);
/// Every key with its value (secrets hidden) and where it came from.
ExitCode config_print_command(const CommandLine& line);

}  // namespace tributary::app
