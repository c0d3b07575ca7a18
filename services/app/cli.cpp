#include "services/app/cli.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <iostream>

#include "adapters/system/heaps.hpp"
#include "adapters/system/text_file.hpp"
#include "domain/spelling.hpp"
#include "services/app/commands/commands.hpp"

namespace tributary::app {

namespace {

config::Environment read_environment() {
    config::Environment variables;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string_view text(*entry);
        if (const auto equals = text.find('=');
            equals != std::string_view::npos && text.starts_with("TRIBUTARY_")) {
            variables.emplace(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    return variables;
}

class CommandLineParser {
  public:
    CommandLineParser()
        : app_("Tributary: one view of customers and accounts at several providers", "tributary") {
        app_.set_version_flag("--version", "tributary " TRIBUTARY_VERSION);
        app_.require_subcommand(1);
        app_.fallthrough();
        app_.failure_message(CLI::FailureMessage::simple);
        app_.add_option("-c,--config", config_file_, "Configuration file (TOML)")
            ->envname("TRIBUTARY_CONFIG");
        app_.add_flag("--json", line_.json, "Print data as JSON");
        for (const config::KeyHelp& key : config::key_help()) {
            const std::string name = key.key;
            app_.add_option_function<std::string>(
                    "--" + name, [this, name](const std::string& text) { flags_[name] = text; }, key.meaning)
                ->group("Settings");
        }
        add_service_commands();
        add_replay_command();
        add_tenant_commands();
        add_connection_commands();
        add_proposal_commands();
        add_review_commands();
        add_webhook_commands();
        add_key_commands();
        add_config_commands();
    }

    ExitCode run(int argc, char** argv) {
        try {
            app_.parse(argc, argv);
        } catch (const CLI::ParseError& problem) {
            if (const auto complaint = unknown_command(); complaint && problem.get_exit_code() != 0) {
                return report({domain::Errc::invalid_input, *complaint});
            }
            return app_.exit(problem) == 0 ? ExitCode::done : ExitCode::usage;
        }
        if (const auto code = load_settings(); code != ExitCode::done) {
            return code;
        }
        return command_();
    }

  private:
    CLI::App* add(CLI::App* parent, const std::string& name, const std::string& help,
                  std::function<ExitCode()> command) {
        CLI::App* sub = parent->add_subcommand(name, help);
        sub->callback([this, command] { command_ = command; });
        return sub;
    }

    CLI::App* group(const std::string& name, const std::string& help) {
        CLI::App* sub = app_.add_subcommand(name, help);
        sub->require_subcommand(1);
        sub->fallthrough();
        return sub;
    }

    /// Names the first word that is no command where one was wanted. CLI11 says only that one is missing.
    std::optional<std::string> unknown_command() {
        const CLI::App* last = &app_;
        std::string words;
        for (auto chosen = last->get_subcommands(); !chosen.empty(); chosen = last->get_subcommands()) {
            last = chosen.front();
            words += last->get_name() + " ";
        }
        const std::vector<std::string> left = app_.remaining(true);
        if (last->get_require_subcommand_min() == 0 || left.empty() || left.front().starts_with('-')) {
            return std::nullopt;
        }
        std::vector<std::string_view> known;
        for (const CLI::App* sub : last->get_subcommands([](const CLI::App*) { return true; })) {
            known.emplace_back(sub->get_name());
        }
        const domain::NearName near = domain::nearest_name(left.front(), known);
        return "'" + words + left.front() + "' is no command; the nearest is '" + words +
               std::string(near.name) + "', and `tributary " + words + "--help` shows all of them.";
    }

    void tenant_option(CLI::App* sub) {
        sub->add_option("--tenant", tenant_, "Tenant by name; may be left out where there is only one");
    }

    void add_service_commands() {
        add(&app_, "serve", "Serve the API and run the scheduled syncs",
            [this] { return serve_command(line_); });
        add(&app_, "migrate", "Bring the database's schema up to date",
            [this] { return migrate_command(line_); });
        CLI::App* sync = add(&app_, "sync", "Sync connections now", [this] {
            sync_.tenant = tenant_;
            sync_.connection = connection_;
            return sync_command(line_, sync_);
        });
        tenant_option(sync);
        sync->add_option(
            "--connection", connection_,
            "Connection by name or id; where left out all that are not paused and whose credentials work");
        sync->add_flag("--wait", sync_.wait,
                       "Wait for the end, doing the work here where no service does it");
    }

    void add_replay_command() {
        CLI::App* replay = add(&app_, "replay", "Decode again what a provider said before", [this] {
            replay_.tenant = tenant_;
            replay_.connection = connection_;
            return replay_command(line_, replay_);
        });
        replay->add_option("--provider", replay_.provider, "The provider whose decoder changed")->required();
        replay->add_option("--connection", connection_,
                           "Connection by name or id; where left out all of the provider");
        replay->add_option("--since", replay_.since,
                           "Only payloads that came at this time or later, as 2026-11-01T00:00:00Z");
        replay->add_flag("--dry-run", replay_.dry_run,
                         "Say what would change, in past versions too, and change nothing");
        tenant_option(replay);
    }

    void add_tenant_commands() {
        CLI::App* tenant = group("tenant", "Tenants: the walls between users of this service");
        add(tenant, "create", "Make a tenant", [this] { return tenant_create_command(line_, name_); })
            ->add_option("name", name_, "Its name")
            ->required();
        add(tenant, "list", "List the tenants", [this] { return tenant_list_command(line_); });
    }

    void add_connection_commands() {
        CLI::App* connection = group("connection", "Connections to providers");
        CLI::App* create = add(connection, "add", "Add a connection described by a JSON file",
                               [this] { return connection_add_command(line_, tenant_, file_); });
        create->add_option("file", file_, "The file, as POST /v1/connections takes it; - for stdin")
            ->required();
        tenant_option(create);
        tenant_option(add(connection, "list", "List the connections",
                          [this] { return connection_list_command(line_, tenant_); }));
        const auto with_name = [&](const std::string& verb, const std::string& help,
                                   std::function<ExitCode()> command) {
            CLI::App* sub = add(connection, verb, help, std::move(command));
            sub->add_option("connection", connection_, "The connection by name or id")->required();
            tenant_option(sub);
            return sub;
        };
        with_name("show", "Show one connection",
                  [this] { return connection_show_command(line_, tenant_, connection_); });
        with_name("repair", "Replace the credentials, and run at once",
                  [this] { return connection_repair_command(line_, tenant_, connection_, file_); })
            ->add_option("file", file_, "A JSON file with the new credentials; - for stdin")
            ->required();
        with_name("remove", "Remove a connection, its secrets and what it brought",
                  [this] { return connection_remove_command(line_, tenant_, connection_); });
        with_name("pause", "Stop scheduled syncs",
                  [this] { return connection_pause_command(line_, tenant_, connection_, true); });
        with_name("resume", "Go on with scheduled syncs",
                  [this] { return connection_pause_command(line_, tenant_, connection_, false); });
    }

    void add_proposal_commands() {
        CLI::App* proposal = group("proposal", "Removals that wait for a decision");
        const auto with_run = [&](const std::string& verb, const std::string& help,
                                  std::function<ExitCode()> command) {
            CLI::App* sub = add(proposal, verb, help, std::move(command));
            sub->add_option("run", name_, "The id of the run that proposes them")->required();
            tenant_option(sub);
        };
        with_run("show", "Show what a run would remove",
                 [this] { return proposal_show_command(line_, tenant_, name_); });
        with_run("approve", "Remove it, as far as it is still missing then",
                 [this] { return proposal_decide_command(line_, tenant_, name_, true); });
        with_run("reject", "Keep it until it is seen again",
                 [this] { return proposal_decide_command(line_, tenant_, name_, false); });
    }

    void add_review_commands() {
        const auto with_id = [&](CLI::App* parent, const std::string& verb, const std::string& help,
                                 std::function<ExitCode()> command) {
            CLI::App* sub = add(parent, verb, help, std::move(command));
            sub->add_option("id", name_, "Its id, as the list shows it")->required();
            tenant_option(sub);
        };
        const auto list = [&](CLI::App* parent, const std::string& help,
                              ExitCode (*command)(const CommandLine&, const ReviewArguments&)) {
            CLI::App* sub = add(parent, "list", help, [this, command] {
                review_.tenant = tenant_;
                review_.connection = connection_;
                return command(line_, review_);
            });
            sub->add_option("--stream", review_.stream, "Of this stream only");
            tenant_option(sub);
            return sub;
        };
        CLI::App* drift = group("drift", "What providers send that is not known yet");
        CLI::App* drifts = list(drift, "List it", drift_list_command);
        drifts->add_option("--provider", review_.provider, "Of this provider only");
        drifts->add_option("--state", review_.state, "Only what is open, or accepted")
            ->check(CLI::IsMember({"open", "accepted"}));
        with_id(drift, "accept", "Accept an entry: it is known now, and no more open",
                [this] { return drift_accept_command(line_, tenant_, name_); });
        CLI::App* quarantine = group("quarantine", "Objects that came without their key");
        list(quarantine, "List them, without what they hold", quarantine_list_command)
            ->add_option("--connection", connection_, "Of this connection only, by name or id");
        with_id(quarantine, "show", "Show one as the provider sent it",
                [this] { return quarantine_show_command(line_, tenant_, name_); });
        with_id(quarantine, "reprocess", "Decode one again, and store it if that works now",
                [this] { return quarantine_reprocess_command(line_, tenant_, name_); });
    }

    void add_webhook_commands() {
        CLI::App* webhook = group("webhook", "Events that a provider sends by itself");
        const auto with_connection = [&](const std::string& verb, const std::string& help,
                                         ExitCode (*command)(const CommandLine&, const WebhookArguments&)) {
            CLI::App* sub = add(webhook, verb, help, [this, command] {
                webhook_.tenant = tenant_;
                return command(line_, webhook_);
            });
            sub->add_option("--connection", webhook_.connection, "Connection by name or id")->required();
            tenant_option(sub);
            return sub;
        };
        with_connection("subscribe", "Have the provider send events here", webhook_subscribe_command)
            ->add_option("--url", webhook_.url, "Origin under which the provider reaches this service")
            ->required();
        with_connection("list", "List the subscriptions at the provider", webhook_list_command);
        with_connection("inbox", "Show what arrived and what became of it", webhook_inbox_command);
        for (CLI::App* sub :
             {with_connection("test", "Have the provider deliver for trying", webhook_test_command),
              with_connection("delete", "Delete a subscription at the provider", webhook_delete_command)}) {
            sub->add_option(
                "--subscription", webhook_.subscription,
                "Its id at the provider; where left out the one that delivers to this connection");
        }
    }

    void add_key_commands() {
        CLI::App* key = group("key", "API keys");
        CLI::App* create = add(key, "create", "Make an API key and show it, this once", [this] {
            key_.tenant = tenant_;
            return key_create_command(line_, key_);
        });
        create
            ->add_option("--scopes", key_.scopes,
                         "Comma-separated: read, personal, raw, sync, actions, operations, admin")
            ->required();
        create->add_option("--days", key_.days, "Days until it expires, at most 36500; 0: never");
        tenant_option(create);
        CLI::App* rotate =
            add(key, "rotate", "Make a key in the place of another and show it, this once", [this] {
                key_.tenant = tenant_;
                return key_rotate_command(line_, key_);
            });
        rotate->add_option("id", key_.id, "The old key's id")->required();
        rotate->add_option("--grace", key_.grace, "How long the old key goes on, up to 720h; 24h by default");
        tenant_option(rotate);
        tenant_option(add(key, "list", "List the keys", [this] { return key_list_command(line_, tenant_); }));
        CLI::App* revoke =
            add(key, "revoke", "Revoke a key", [this] { return key_revoke_command(line_, tenant_, name_); });
        revoke->add_option("id", name_, "The key's id")->required();
        tenant_option(revoke);
    }

    void add_config_commands() {
        CLI::App* config = group("config", "The configuration");
        add(config, "check", "Check settings, key, database and schema",
            [this] { return config_check_command(line_); });
        add(config, "print", "Print every setting and where it came from",
            [this] { return config_print_command(line_); });
    }

    ExitCode load_settings() {
        config::Sources sources;
        sources.flags = flags_;
        sources.environment = read_environment();
        sources.read_file = system::read_text_file;
        if (!config_file_.empty()) {
            auto text = system::read_text_file(config_file_);
            if (!text) {
                return report(text.error());
            }
            sources.file_text = std::move(*text);
            sources.file_name = config_file_;
        }
        auto loaded = config::load(sources);
        if (!loaded) {
            for (const domain::Error& error : loaded.error()) {
                report(error);
            }
            return ExitCode::configuration;
        }
        line_.settings = std::move(loaded->settings);
        line_.origins = std::move(loaded->origins);
        return ExitCode::done;
    }

    CLI::App app_;
    CommandLine line_;
    config::Flags flags_;
    std::string config_file_;
    std::string tenant_;
    std::string connection_;
    std::string name_;
    std::string file_;
    SyncArguments sync_;
    ReviewArguments review_;
    ReplayArguments replay_;
    WebhookArguments webhook_;
    KeyArguments key_;
    std::function<ExitCode()> command_;
};

}  // namespace

ExitCode run_program(int argc, char** argv) noexcept {
    system::share_heaps();
    try {
        return CommandLineParser().run(argc, argv);
    } catch (const std::exception& unforeseen) {
        std::cerr << "tributary: unexpected failure: " << unforeseen.what() << '\n';
        return ExitCode::failed;
    }
}

}  // namespace tributary::app
