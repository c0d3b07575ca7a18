#include "command_bench.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "domain/json/write.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"
#include "tests/support/blocking_http.hpp"

namespace tributary::e2e {

using tests::Finished;

Bench::Bench() {
    settings.database_url = database.url();
    settings.key_file = folder.file("key", good_key);
    settings.port = tests::free_port();
    settings.admin_port = tests::free_port();
    const Sandbox& sandbox = RunningSystem::get().sandbox();
    settings.tastytrade = sandbox.url("tastytrade");
    settings.tdx = sandbox.url("tdx");
    settings.upvest = sandbox.url("upvest");
    if (run({"migrate"}).code != 0) throw std::runtime_error("the database cannot be migrated");
}

Finished Bench::run(std::vector<std::string> words) const {
    return run_tributary(settings, std::move(words));
}

json::Value Bench::data(std::vector<std::string> words) const {
    words.emplace_back("--json");
    const Finished finished = run(std::move(words));
    REQUIRE_MESSAGE(finished.code == 0, finished.error);
    return tree_of(finished.out);
}

Bench& bench() {
    static Bench one;
    return one;
}

void check_refused(const Finished& finished, int code, const std::vector<std::string>& says) {
    CAPTURE(finished.error);
    CHECK(finished.code == code);
    CHECK(finished.out.empty());
    CHECK(finished.error.starts_with("tributary: "));
    CHECK(std::ranges::count(finished.error, '\n') == 1);
    for (const std::string& word : says) {
        CHECK_MESSAGE(finished.error.find(word) != std::string::npos, word);
    }
}

std::string connection_file(const tests::TemporaryFolder& folder, const std::string& name,
                            json::Object changed) {
    for (const json::Value& body : RunningSystem::get().sandbox().connections()) {
        if (text(body, "name") != name) continue;
        json::Object copy = *body.if_object();
        json::set(copy, "schedule", "manual");
        for (const json::Entry& entry : changed) {
            json::set(copy, entry.key, entry.value);
        }
        return folder.file(text(copy, "name") + ".json", json::write(copy));
    }
    throw std::runtime_error("the sandbox has no such connection");
}

}  // namespace tributary::e2e
