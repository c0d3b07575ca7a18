#include "config/load.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace tributary::config;
using tributary::domain::Errc;
using tributary::domain::Error;

namespace {

/// Files by path, as `*_FILE` variables name them.
ReadFile files(std::map<std::string, std::string> contents) {
    return
        [contents = std::move(contents)](const std::string& path) -> tributary::domain::Result<std::string> {
            const auto found = contents.find(path);
            if (found == contents.end()) {
                return tributary::domain::fail(Errc::configuration, "There is no file '" + path + "'.");
            }
            return found->second;
        };
}

Sources from_file(std::string text) {
    Sources sources;
    sources.file_text = std::move(text);
    sources.file_name = "tributary.toml";
    sources.read_file = files({});
    return sources;
}

Loaded good(const Sources& sources) {
    auto loaded = load(sources);
    REQUIRE(loaded);
    return std::move(*loaded);
}

Origin origin_of(const Loaded& loaded, std::string_view key) {
    const auto found = std::ranges::find(loaded.origins, key, &Origin::key);
    REQUIRE(found != loaded.origins.end());
    return *found;
}

std::vector<std::string> complaints(const Sources& sources) {
    const auto loaded = load(sources);
    REQUIRE_FALSE(loaded);
    std::vector<std::string> details;
    for (const Error& error : loaded.error()) {
        CHECK(error.code == Errc::configuration);
        details.push_back(error.detail);
    }
    return details;
}

bool says(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a flag wins over the environment, the environment over the file, the file over the default") {
    Sources sources = from_file("[sync]\nlease = \"40s\"\n");
    CHECK(good(from_file("")).settings.sync_lease == std::chrono::seconds(30));
    CHECK(origin_of(good(from_file("")), "sync.lease").origin == "default");

    CHECK(good(sources).settings.sync_lease == std::chrono::seconds(40));
    CHECK(origin_of(good(sources), "sync.lease").origin == "file tributary.toml");

    sources.environment["TRIBUTARY_SYNC_LEASE"] = "50s";
    CHECK(good(sources).settings.sync_lease == std::chrono::seconds(50));
    CHECK(origin_of(good(sources), "sync.lease").origin == "environment TRIBUTARY_SYNC_LEASE");

    sources.flags["sync.lease"] = "60s";
    CHECK(good(sources).settings.sync_lease == std::chrono::seconds(60));
    CHECK(origin_of(good(sources), "sync.lease").origin == "flag");
}

TEST_CASE("a variable named *_FILE gives the file's text without its last line break") {
    Sources sources = from_file("[database]\nurl = \"postgresql://from-file\"\n");
    sources.environment["TRIBUTARY_DATABASE_URL_FILE"] = "/run/secrets/url";
    sources.read_file = files({{"/run/secrets/url", "postgresql://from-secret\r\n"}});
    const Loaded loaded = good(sources);
    CHECK(loaded.settings.database_url == "postgresql://from-secret");
    CHECK(origin_of(loaded, "database.url").origin == "environment TRIBUTARY_DATABASE_URL_FILE");
}

TEST_CASE("a *_FILE that cannot be read is told with the variable's name") {
    Sources sources = from_file("");
    sources.environment["TRIBUTARY_DATABASE_URL_FILE"] = "/nowhere";
    CHECK(complaints(sources) ==
          std::vector<std::string>{"TRIBUTARY_DATABASE_URL_FILE: There is no file '/nowhere'."});
}

TEST_CASE("a variable and its *_FILE together are refused, because nobody knows which was meant") {
    Sources sources = from_file("");
    sources.environment["TRIBUTARY_DATABASE_URL"] = "postgresql://a";
    sources.environment["TRIBUTARY_DATABASE_URL_FILE"] = "/run/secrets/url";
    sources.read_file = files({{"/run/secrets/url", "postgresql://b"}});
    const auto told = complaints(sources);
    REQUIRE(told.size() == 1);
    CHECK(says(told[0], "TRIBUTARY_DATABASE_URL and TRIBUTARY_DATABASE_URL_FILE"));
}

TEST_CASE("a flag saves a setting from a variable that could not be read") {
    Sources sources = from_file("");
    sources.environment["TRIBUTARY_LISTEN_FILE"] = "/nowhere";
    sources.flags["listen"] = "127.0.0.1:1234";
    CHECK(good(sources).settings.listen == Endpoint{"127.0.0.1", 1234});
}

TEST_CASE("an unknown key is an error that names the nearest known one") {
    const auto told = complaints(from_file("[database]\nurll = \"x\"\n"));
    CHECK(told == std::vector<std::string>{
                      "tributary.toml: the key 'database.urll' is not known; did you mean 'database.url'?"});
}

TEST_CASE("an unknown key that resembles none is pointed at the list") {
    const auto told = complaints(from_file("colour = \"blue\"\n"));
    CHECK(told == std::vector<std::string>{
                      "tributary.toml: the key 'colour' is not known; see `tributary config print`."});
}

TEST_CASE("everything that is wrong is told at once") {
    Sources sources = from_file("threads = 5000\nlisten = 8080\nlissten = \"x\"\n[log]\nlevel = \"loud\"\n");
    sources.environment["TRIBUTARY_SYNC_LEASE"] = "soon";
    const auto told = complaints(sources);
    CHECK(told.size() == 5);
    for (const std::string_view part :
         {"'lissten'", "'threads' (file tributary.toml)", "'listen' (file tributary.toml)",
          "'log.level' (file tributary.toml)", "'sync.lease' (environment TRIBUTARY_SYNC_LEASE)"}) {
        CAPTURE(part);
        CHECK(std::ranges::any_of(told, [&](const std::string& one) { return says(one, part); }));
    }
}

TEST_CASE("a file that is no TOML is told with its line") {
    const auto told = complaints(from_file("listen = \"127.0.0.1:1\"\nthreads = = 2\n"));
    REQUIRE(told.size() == 1);
    CHECK(told[0].starts_with("tributary.toml:2:"));
    CHECK(says(told[0], "not valid TOML"));
}

TEST_CASE("a secret is refused as a flag and the refusal does not repeat it") {
    Sources sources = from_file("");
    sources.flags["database.url"] = "postgresql://u:hunter2@h/d";
    const auto told = complaints(sources);
    REQUIRE(told.size() == 1);
    CHECK(says(told[0], "TRIBUTARY_DATABASE_URL_FILE"));
    CHECK_FALSE(says(told[0], "hunter2"));
}

TEST_CASE("origins hide a secret that is set and show that one is not") {
    Sources sources = from_file("[database]\nurl = \"postgresql://u:hunter2@h/d\"\n");
    const Loaded loaded = good(sources);
    CHECK(loaded.settings.database_url == "postgresql://u:hunter2@h/d");
    CHECK(origin_of(loaded, "database.url").value == "(hidden)");
    CHECK(origin_of(loaded, "database.direct_url").value.empty());
    for (const Origin& origin : loaded.origins) {
        CHECK_FALSE(says(origin.value, "hunter2"));
    }
}

TEST_CASE("a list in the file and a list with commas in the environment mean the same") {
    const Loaded in_file = good(from_file(
        "[providers.tdx]\nallowed_base_urls = [\"https://a.example\", \"https://b.example:8443\"]\n"));
    Sources sources = from_file("");
    sources.environment["TRIBUTARY_PROVIDERS_TDX_ALLOWED_BASE_URLS"] =
        "https://a.example,https://b.example:8443";
    CHECK(in_file.settings == good(sources).settings);
    CHECK(in_file.settings.allowed_base_urls.at("tdx") ==
          std::vector<std::string>{"https://a.example", "https://b.example:8443"});
}

TEST_CASE("a table where a value is wanted is told with the key's name") {
    for (const char* text : {"listen = {}\n", "[listen]\n", "[[listen]]\n", "listen = [\"127.0.0.1:1\"]\n",
                             "listen = {port = 1}\n"}) {
        CAPTURE(text);
        const auto told = complaints(from_file(text));
        REQUIRE(told.size() == 1);
        CHECK(says(told[0], "'listen"));
        CHECK(says(told[0], "tributary.toml"));
    }
    const auto nested = complaints(from_file("[providers.tdx]\nallowed_base_urls = [{}]\n"));
    REQUIRE(nested.size() == 1);
    CHECK(says(nested[0], "'providers.tdx.allowed_base_urls'"));
    const auto list_in_list =
        complaints(from_file("[providers.tdx]\nallowed_base_urls = [[\"https://a.example\"]]\n"));
    REQUIRE(list_in_list.size() == 1);
    CHECK(says(list_in_list[0], "'providers.tdx.allowed_base_urls'"));
    CHECK(says(list_in_list[0], "a list of lists"));
    const auto secret = complaints(from_file("[database.url]\n"));
    REQUIRE(secret.size() == 1);
    CHECK(says(secret[0], "'database.url'"));
}

TEST_CASE("an empty table of a known group is nothing, and one of no group is unknown") {
    CHECK(good(from_file("[database]\n[providers]\n[providers.tdx]\n")).settings ==
          good(from_file("")).settings);
    const auto told = complaints(from_file("[databse]\n"));
    REQUIRE(told.size() == 1);
    CHECK(says(told[0], "'databse'"));
}

TEST_CASE("variables that are not settings are let alone") {
    Sources sources = from_file("");
    sources.environment["TRIBUTARY_URL"] = "http://127.0.0.1:8080";
    sources.environment["TRIBUTARY_API_KEY"] = "trb_x";
    CHECK(load(sources));
}
