// The command line: exit codes, and one clear sentence for what is wrong.

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "command_bench.hpp"
#include "domain/json/write.hpp"
#include "tests/e2e/system/program.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"
#include "tests/support/blocking_http.hpp"

using namespace tributary;
using namespace tributary::e2e;
using tests::Finished;

namespace {

constexpr auto other_key = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVpBQkNERUY=\n";

}  // namespace

TEST_CASE("command line that makes no sense is a usage error") {
    for (const std::vector<std::string>& words :
         std::vector<std::vector<std::string>>{{},
                                               {"serv"},
                                               {"serve", "--colour"},
                                               {"tenant"},
                                               {"key", "create", "--tenant", "x"},
                                               {"tenant", "create"},
                                               {"serve", "extra"},
                                               {"--page", "serve"}}) {
        const Finished finished = bench().run(words);
        CAPTURE(finished.error);
        CHECK(finished.code == 2);
        CHECK_FALSE(finished.error.empty());
        CHECK(finished.out.empty());
    }
    CHECK(bench().run({"--version"}).code == 0);
    CHECK(bench().run({"--version"}).out.starts_with("tributary "));
    CHECK(bench().run({"--help"}).code == 0);
    CHECK(bench().run({"connection", "add", "--help"}).code == 0);
}

TEST_CASE("words that are no command are named with the nearest that is one") {
    const Bench& on = bench();
    check_refused(on.run({"nonsense"}), 2, {"'nonsense'", "nearest"});
    check_refused(on.run({"serv"}), 2, {"'serv'", "'serve'"});
    check_refused(on.run({"tenant", "creat", "x"}), 2, {"'tenant creat'", "'tenant create'"});
    check_refused(on.run({"--json", "conection", "list"}), 2, {"'conection'", "'connection'"});
}

TEST_CASE("unknown keys of the configuration name the nearest known one") {
    const Bench& on = bench();
    const std::string file = on.folder.file("config.toml", "listn = \"127.0.0.1:1\"\n");
    check_refused(on.run({"config", "check", "--config", file}), 78, {"listn", "'listen'"});
    const std::string nested = on.folder.file("nested.toml", "[databse]\nurl = \"x\"\n");
    check_refused(on.run({"serve", "--config", nested}), 78, {"databse.url", "'database.url'"});
    const std::string broken = on.folder.file("broken.toml", "listen = \n");
    check_refused(on.run({"serve", "--config", broken}), 78, {"broken.toml:1", "TOML"});
    check_refused(on.run({"serve", "--config", "/nowhere/config.toml"}), 78, {"/nowhere/config.toml"});
}

TEST_CASE("values of the configuration that cannot be are refused with the setting's name") {
    const Bench& on = bench();
    check_refused(on.run({"serve", "--listen", "8080"}), 78, {"'listen'", "ADDRESS:PORT"});
    check_refused(on.run({"serve", "--sync.lease", "soon"}), 78, {"'sync.lease'"});
    check_refused(on.run({"serve", "--log.level", "loud"}), 78, {"'log.level'"});
    check_refused(on.run({"serve", "--providers.tdx.allowed_base_urls", "http://tdx.example"}), 78,
                  {"'providers.tdx.allowed_base_urls'"});
    check_refused(on.run({"serve", "--database.url", "postgresql:///x"}), 78,
                  {"TRIBUTARY_DATABASE_URL_FILE", "secret"});
    ProgramSettings nothing = on.settings;
    nothing.database_url.clear();
    check_refused(run_tributary(nothing, {"serve"}), 78, {"database.url"});
}

TEST_CASE("key files that cannot serve are refused with what to do") {
    const Bench& on = bench();
    const auto with_key = [&](const std::string& path) {
        ProgramSettings settings = on.settings;
        settings.key_file = path;
        return run_tributary(settings, {"serve"});
    };
    const std::string missing = on.folder.path() + "/missing";
    check_refused(with_key(missing), 78, {missing, "openssl rand -base64 32"});
    check_refused(with_key(on.folder.path()), 78, {on.folder.path(), "regular file"});
    for (const char* text : {"", "YWJj\n", "not base64 at all\n",
                             "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5eg==\n"}) {
        check_refused(with_key(on.folder.file("short", text)), 78, {"32 bytes"});
    }
    const std::string open = on.folder.file("open", good_key, 0640);
    check_refused(with_key(open), 78, {"chmod 600 " + open});
    if (geteuid() != 0) {
        check_refused(with_key(on.folder.file("closed", good_key, 0000)), 78, {"closed"});
    }
    check_refused(with_key(""), 78, {"secrets.key_file"});
}

TEST_CASE("a sealing key other than the one the database was first used with is refused") {
    const tests::Database fresh;
    ProgramSettings first = bench().settings;
    first.database_url = fresh.url();
    ProgramSettings other = first;
    other.key_file = bench().folder.file("other", other_key);
    REQUIRE(run_tributary(first, {"migrate"}).code == 0);
    CHECK(run_tributary(other, {"config", "check"}).code == 0);  // looks, and binds the database to no key
    CHECK(run_tributary(first, {"tenant", "create", "main"}).code == 0);
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"serve"}, {"config", "check"}, {"tenant", "list"}, {"sync", "--wait"}}) {
        check_refused(run_tributary(other, words), 78, {"secrets.key_file"});
    }
    CHECK(run_tributary(first, {"config", "check"}).code == 0);
}

TEST_CASE("a database role that passes the wall between tenants is refused") {
    const tests::Database fresh;
    ProgramSettings settings = bench().settings;
    settings.database_url = fresh.url();
    REQUIRE(run_tributary(settings, {"migrate"}).code == 0);
    settings.database_url = fresh.superuser_url();
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"serve"}, {"config", "check"}, {"tenant", "list"}, {"migrate"}}) {
        check_refused(run_tributary(settings, words), 78, {"database.url", "superuser", "BYPASSRLS"});
    }
}

TEST_CASE("serve refuses a port that is in use") {
    const Bench& on = bench();
    const tests::BusyPort busy;
    ProgramSettings settings = on.settings;
    settings.port = busy.number();
    check_refused(run_tributary(settings, {"serve"}), 78, {std::to_string(busy.number())});
    settings = on.settings;
    settings.admin_port = busy.number();
    check_refused(run_tributary(settings, {"serve"}), 78, {std::to_string(busy.number())});
}

TEST_CASE("PostgreSQL that is away is a reason to try again later") {
    const Bench& on = bench();
    ProgramSettings settings = on.settings;
    settings.database_url = "postgresql://127.0.0.1:" + std::to_string(tests::free_port()) + "/tributary";
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"serve"}, {"migrate"}, {"config", "check"}, {"tenant", "list"}, {"sync", "--wait"}}) {
        check_refused(run_tributary(settings, words), 75, {"database"});
    }
}

TEST_CASE("database URLs that cannot be read are refused without their password") {
    ProgramSettings settings = bench().settings;
    for (const char* url :
         {"no connection string", "https://u:hunter2@db.example/x",
          "postgresql://u:hunter2@127.0.0.1:99999/x", "postgresql://u:hunter2@127.0.0.1:abc/x",
          "postgresql://u:hunter2%zz@127.0.0.1/x", "postgresql://u:hunter2@127.0.0.1/x?colour=blue",
          "host=127.0.0.1 password=hunter2 colour=blue",
          "postgresql://u:hunter2@127.0.0.1/x?sslmode=perhaps"}) {
        CAPTURE(url);
        settings.database_url = url;
        for (const std::vector<std::string>& words :
             std::vector<std::vector<std::string>>{{"serve"}, {"migrate"}, {"config", "check"}}) {
            const Finished finished = run_tributary(settings, words);
            check_refused(finished, 78, {"database.url"});
            CHECK(finished.error.find("hunter2") == std::string::npos);
        }
    }
}

TEST_CASE("serve refuses a schema that is missing, older, newer or edited and says which command helps") {
    const tests::Database fresh;
    ProgramSettings settings = bench().settings;
    settings.database_url = fresh.url();
    check_refused(run_tributary(settings, {"serve"}), 78, {"no schema yet", "`tributary migrate`"});
    check_refused(run_tributary(settings, {"tenant", "list"}), 78, {"`tributary migrate`"});

    CHECK(run_tributary(settings, {"migrate"}).code == 0);
    const Finished again = run_tributary(settings, {"migrate", "--json"});
    CHECK(again.code == 0);
    CHECK(json::write(tree_of(again.out)) == R"({"applied":[]})");
    CHECK(run_tributary(settings, {"config", "check"}).code == 0);

    fresh.run("UPDATE schema_migrations SET checksum = reverse(checksum) WHERE version = 1");
    check_refused(run_tributary(settings, {"serve"}), 78, {"edited"});
    check_refused(run_tributary(settings, {"migrate"}), 78, {"edited"});
    fresh.run("UPDATE schema_migrations SET checksum = reverse(checksum) WHERE version = 1");
    CHECK(run_tributary(settings, {"config", "check"}).code == 0);

    fresh.run(
        "INSERT INTO schema_migrations SELECT max(version) + 1, 'later', 'x', now() FROM schema_migrations");
    check_refused(run_tributary(settings, {"serve"}), 78, {"newer than this program"});
    check_refused(run_tributary(settings, {"migrate"}), 78, {"newer than this program"});
    fresh.run(
        "DELETE FROM schema_migrations WHERE version >= (SELECT max(version) - 1 FROM schema_migrations)");
    check_refused(run_tributary(settings, {"serve"}), 78, {"older than this program", "`tributary migrate`"});
}

TEST_CASE("tenants and keys are made, listed and revoked") {
    const Bench& on = bench();
    const json::Value tenant = on.data({"tenant", "create", "keys"});
    CHECK(text(tenant, "name") == "keys");
    const json::Value tenants = on.data({"tenant", "list"});
    CHECK(std::ranges::any_of(*tenants.if_array(), [&](const json::Value& row) { return row == tenant; }));
    check_refused(on.run({"tenant", "create", "keys"}), 1, {"exists already"});
    check_refused(on.run({"tenant", "create", "two words"}), 2, {"letters"});

    const json::Value key =
        on.data({"key", "create", "--tenant", "keys", "--scopes", "read,sync", "--days", "3"});
    CHECK(text(key, "key").size() > 30);
    CHECK_FALSE(text(key, "expires_at").empty());
    for (const std::string days : {"36501", "4000000000"}) {
        CAPTURE(days);
        check_refused(on.run({"key", "create", "--tenant", "keys", "--scopes", "read", "--days", days}), 2,
                      {"--days"});
    }
    check_refused(on.run({"key", "create", "--tenant", "keys", "--scopes", "read,everything"}), 2,
                  {"everything"});
    check_refused(on.run({"key", "create", "--tenant", "nobody", "--scopes", "read"}), 1, {"tenant"});
    const json::Value keys = on.data({"key", "list", "--tenant", "keys"});
    REQUIRE(keys.if_array()->size() == 1);
    CHECK(text(keys.if_array()->front(), "id") == text(key, "id"));
    CHECK(json::write(keys).find(text(key, "key")) == std::string::npos);
    const json::Value revoked = on.data({"key", "revoke", text(key, "id"), "--tenant", "keys"});
    CHECK(text(revoked, "id") == text(key, "id"));
    const json::Value afterwards = on.data({"key", "list", "--tenant", "keys"});
    CHECK_FALSE(text(afterwards.if_array()->front(), "revoked_at").empty());
    check_refused(on.run({"key", "revoke", "me", "--tenant", "keys"}), 2, {"id"});
}

TEST_CASE("config print shows every setting with its origin and hides the secret ones") {
    const Bench& on = bench();
    const json::Value settings = on.data({"config", "print", "--log.level", "warn"});
    CHECK(settings.if_array()->size() >= 15);
    bool has_url = false;
    for (const json::Value& row : *settings.if_array()) {
        if (text(row, "key") == "log.level") CHECK(text(row, "origin") == "flag");
        if (text(row, "key") != "database.url") continue;
        has_url = true;
        CHECK(text(row, "value") == "(hidden)");
        CHECK(text(row, "origin") == "environment TRIBUTARY_DATABASE_URL");
    }
    CHECK(has_url);
    CHECK(json::write(settings).find(on.settings.database_url) == std::string::npos);
}

TEST_CASE("serve ends with 0 when it is asked to") {
    const Bench& on = bench();
    tests::ChildProcess service(tributary_command(on.settings, {"serve"}));
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (tests::status_at(on.settings.admin_port, "/livez") != 200) {
        REQUIRE(service.running());
        REQUIRE(std::chrono::steady_clock::now() < deadline);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    CHECK(service.stop() == 0);
}
