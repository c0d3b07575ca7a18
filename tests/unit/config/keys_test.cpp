#include "config/keys.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "config/load.hpp"

using namespace tributary::config;

namespace {

const Key& key_named(std::string_view name) {
    const auto found = std::ranges::find(keys(), name, &Key::name);
    REQUIRE(found != keys().end());
    return *found;
}

struct Row {
    std::string_view key;
    std::vector<std::string_view> taken;
    std::vector<std::string_view> refused;
};

}  // namespace

TEST_CASE("a setting takes what it can mean and refuses everything else with a sentence") {
    const std::vector<Row> rows{
        {"listen",
         {"127.0.0.1:0", "0.0.0.0:65535", "[::1]:8080", "localhost:80"},
         {"", "8080", ":8080", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:80x"}},
        {"threads", {"0", "1024"}, {"", "-1", "1025", "4x", "0x4", " 4", "4.0"}},
        {"api.requests_per_minute", {"0", "1", "60000000"}, {"", "-1", "60000001", "1.5"}},
        {"cache.bytes", {"0", "1", "1099511627776"}, {"", "-1", "1099511627777", "256M"}},
        {"database.connections", {"1", "256"}, {"0", "257"}},
        {"database.prepared", {"true", "false"}, {"", "yes", "1", "True"}},
        {"sync.lease", {"1s", "3600s"}, {"", "0s", "3601s", "30", "1m", "-5s", "1.5s", "s"}},
        {"history.retention",
         {"", "1h", "90d", "876000h", "36500d"},
         {"0d", "36501d", "876001h", "90", "3600s", "-1d", "1.5d", "d"}},
        {"webhooks.clock_tolerance", {"1s", "604800s"}, {"", "0s", "604801s", "5m"}},
        {"webhooks.retention", {"1s", "31536000s"}, {"", "0s", "31536001s", "7d"}},
        {"sync.removal_percent", {"0", "100"}, {"101", "20%", "-1"}},
        {"log.level", {"debug", "info", "warn", "error", "off"}, {"", "INFO", "trace"}},
        {"providers.upvest.allowed_base_urls",
         {"", "https://api.example.com", "https://a.example:8443,https://b.example", "http://127.0.0.1:9000",
          "http://localhost:1", "http://[::1]:1", "https://[2001:db8::1]:8443", "https://A.Example"},
         {"http://api.example.com",
          "http://127.0.0.1",
          "api.example.com",
          "ftp://a",
          "https://a.example/v1",
          "http://127.0.0.1:9000/",
          "https://a.example,http://b.example",
          "http://127.0.0.1.evil.example:80",
          "https://u:p@a.example",
          "https://u@a.example:443",
          "http://127.0.0.1:1@evil.example:80",
          "https://a.example:99999",
          "https://a.example:0",
          "https://a.example:",
          "https://a.example:80x",
          "http://127.0.0.1:",
          "http://127.0.0.1:0",
          "https://",
          "https://:443",
          "https://a.example?x",
          "https://a.example#x",
          "https://a b",
          "https://a..example",
          "https://[::1",
          "https://[::1]x",
          "https://[nonsense]",
          "https://a.example,,https://b.example"}},
    };
    for (const Row& row : rows) {
        for (const std::string_view text : row.taken) {
            CAPTURE(row.key);
            CAPTURE(text);
            Settings settings;
            CHECK_FALSE(key_named(row.key).apply(settings, text));
        }
        for (const std::string_view text : row.refused) {
            CAPTURE(row.key);
            CAPTURE(text);
            Settings settings;
            const auto problem = key_named(row.key).apply(settings, text);
            REQUIRE(problem);
            CHECK(problem->starts_with("must "));
            CHECK(settings == Settings{});
        }
    }
}

TEST_CASE("a refused origin is named, but not the password in it") {
    Settings settings;
    const Key& key = key_named("providers.tdx.allowed_base_urls");
    const auto bad_port = key.apply(settings, "https://good.example,https://bad.example:99999");
    REQUIRE(bad_port);
    CHECK(bad_port->find("'https://bad.example:99999'") != std::string::npos);
    CHECK(bad_port->find("good.example") == std::string::npos);
    for (const char* text : {"https://user:hunter2@a.example", "https://user:hunter2/@a.example",
                             "https://user:hunter2@a.example:99999", "user:hunter2@a.example",
                             "https://user:hunter2,hunter2@a.example,https://b.example"}) {
        CAPTURE(text);
        const auto with_user = key.apply(settings, text);
        REQUIRE(with_user);
        CHECK(with_user->find("a.example") != std::string::npos);
        CHECK(with_user->find("hunter2") == std::string::npos);
    }
}

TEST_CASE("an address in brackets is kept without them, its port apart") {
    Settings settings;
    REQUIRE_FALSE(key_named("admin_listen").apply(settings, "[::1]:9191"));
    CHECK(settings.admin_listen == Endpoint{"::1", 9191});
}

TEST_CASE("no two keys share a name or a variable of the environment") {
    std::set<std::string_view> names;
    std::set<std::string> variables;
    for (const Key& key : keys()) {
        CHECK(names.insert(key.name).second);
        CHECK(variables.insert(environment_name(key.name)).second);
    }
}

TEST_CASE("what may hold a password is a secret, and no secret is a flag") {
    CHECK(key_named("database.url").secret);
    CHECK(key_named("database.direct_url").secret);
    for (const Key& key : keys()) {
        CAPTURE(key.name);
        CHECK((!key.secret || !key.flag));
    }
}

TEST_CASE("help tells each key's variable, default and meaning") {
    const auto help = key_help();
    REQUIRE(help.size() == keys().size());
    const auto lease = std::ranges::find(help, "sync.lease", &KeyHelp::key);
    REQUIRE(lease != help.end());
    CHECK(lease->environment == "TRIBUTARY_SYNC_LEASE");
    CHECK(lease->default_text == "30s");
    CHECK_FALSE(lease->meaning.empty());
}
