// What is left of the people of the sandbox where their data are masked.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "tests/e2e/personal_texts.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;

namespace {

constexpr std::array collections{"/v1/customers", "/v1/accounts", "/v1/sub-accounts", "/v1/account-groups"};

/// How many of the personal texts stand in these, alone or within others.
std::size_t found_in(const std::set<std::string>& texts, const std::set<std::string>& personal) {
    std::string all;
    for (const std::string& text : texts) {
        all += text + '\n';
    }
    return static_cast<std::size_t>(
        std::ranges::count_if(personal, [&](const std::string& one) { return all.contains(one); }));
}

}  // namespace

TEST_CASE("no name, contact, number or anything else personal of anybody is left in masked documents") {
    RunningSystem& system = RunningSystem::synced();
    const std::set<std::string> personal = personal_texts(system.sandbox().population());
    std::set<std::string> in_full;
    std::set<std::string> seen;
    std::size_t documents = 0;
    Api stranger = system.api_with(system.make_key("main", "read"));
    for (const char* path : collections) {
        for (const json::Value& document : system.api().list(path, 1000)) {
            collect_texts(document, in_full);
            ++documents;
        }
        for (const json::Value& document : stranger.list(path, 1000)) {
            CHECK(find(document, "masked") != nullptr);
            collect_texts(document, seen);
        }
    }
    CHECK(found_in(seen, personal) == 0);
    const std::size_t shown_in_full = found_in(in_full, personal);
    CHECK(shown_in_full > 2000);
    MESSAGE(personal.size() << " personal texts, " << shown_in_full << " of them in " << documents
                            << " documents, none in their masked variants");
}

TEST_CASE("removals that wait for an operator name no account by its number to who may not see it") {
    RunningSystem& system = RunningSystem::synced();
    const json::Value account =
        array(system.api().get("/v1/accounts?provider=tastytrade&page_size=1").json, "items").front();
    const std::string number = text(account, "provider_id");
    const json::Value run = array(system.api().get("/v1/runs?page_size=1").json, "items").front();
    const std::string proposed = "'" + to_text(system.tenant()) + "', '" + text(run, "id") + "', 'made-up'";
    system.database().run(
        "INSERT INTO proposals (tenant_id, run_id, stream, connection_id, last_run_id, live, candidates, "
        "keys_hash, state, created_at) VALUES (" +
        proposed + ", '" + text(run, "connection_id") + "', '" + text(run, "id") +
        "', 2, 2, '', 'pending', now())");
    for (const std::string& id : {number, std::string("8d6a8b58-6f35-4c1f-9d2a-3f6f1f0a7c11")}) {
        system.database().run("INSERT INTO proposal_keys (tenant_id, run_id, stream, provider_id) VALUES (" +
                              proposed + ", '" + id + "')");
    }
    const std::string path = "/v1/runs/" + text(run, "id") + "/proposal";
    CHECK(system.api().get(path).body.contains(number));
    const Answer masked = system.api_with(system.make_key("main", "read")).get(path);
    CHECK(masked.status == 200);
    CHECK_FALSE(masked.body.contains(number));
    CHECK(masked.body.contains("***"));
    CHECK(masked.body.contains("8d6a8b58-6f35-4c1f-9d2a-3f6f1f0a7c11"));
    system.database().run("DELETE FROM proposals WHERE stream = 'made-up'");
}
