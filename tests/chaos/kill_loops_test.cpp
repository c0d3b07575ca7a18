// kill -9 at random moments: nothing lost, nothing doubled, nothing said to be gone that is there.

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "churn.hpp"
#include "replicas.hpp"
#include "tests/e2e/oracle/ground_truth.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::chaos;
using std::chrono::milliseconds;

namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
    const char* given = std::getenv(name);
    return given != nullptr ? std::stoull(given) : otherwise;
}

/// Everything the feed ever called removed that nobody removed. Customers that were merged are gone as well.
std::size_t false_tombstones(e2e::RunningSystem& system, const Churn& churn) {
    std::size_t found = 0;
    for (const auto& row :
         system.database().rows("SELECT DISTINCT kind, document_id FROM changes WHERE operation = 'removed' "
                                "AND document_id NOT IN "
                                "(SELECT customer_id FROM customers WHERE redirect_to IS NOT NULL)")) {
        if (churn.ever_removed().contains(row[1])) continue;
        ++found;
        std::cout << "chaos: falsely removed: " << row[0] << " " << row[1] << "\n";
    }
    return found;
}

/// Commits without gaps, and each document's newest version the only one that is present.
std::size_t broken_feeds(e2e::RunningSystem& system) {
    return std::stoull(system.database().value(
        "SELECT (SELECT count(*) FROM feed_head h WHERE h.commit_no <> (SELECT count(*) FROM commits c WHERE "
        "c.tenant_id = h.tenant_id)) + (SELECT count(*) FROM documents d WHERE d.version <> 1 + (SELECT "
        "count(*) FROM history h WHERE h.tenant_id = d.tenant_id AND h.kind = d.kind AND h.document_id = "
        "d.document_id))"));
}

/// A login by one-time code waits for the next code, half a minute a run: too long for a loop.
std::vector<std::string> quick_connections(e2e::RunningSystem& system) {
    std::vector<std::string> names;
    for (const json::Value& body : system.sandbox().connections()) {
        if (e2e::find(body, "credentials.totp_secret") == nullptr) names.push_back(e2e::text(body, "name"));
    }
    return names;
}

Replicas::Victim draw_victim(std::mt19937_64& random) {
    constexpr std::array victims{Replicas::Victim::first, Replicas::Victim::second, Replicas::Victim::both};
    return victims[random() % victims.size()];
}

/// At least one millisecond.
milliseconds took(const auto& what) {
    const auto start = std::chrono::steady_clock::now();
    what();
    return std::chrono::ceil<milliseconds>(std::chrono::steady_clock::now() - start);
}

}  // namespace

TEST_CASE("the merged view equals the providers when replicas are killed in the middle of syncs") {
    const std::uint64_t loops = setting("TRIBUTARY_CHAOS_LOOPS", 2);
    const std::uint64_t lease = setting("TRIBUTARY_CHAOS_LEASE", 6);
    const std::uint64_t seed = setting("TRIBUTARY_CHAOS_SEED", std::random_device{}());
    std::cout << "chaos: seed " << seed << ", lease " << lease << " s\n";
    std::mt19937_64 random(seed);

    e2e::RunningSystem system(std::to_string(lease) + "s");
    system.sync_well(system.connection_names());
    const std::vector<std::string> quick = quick_connections(system);
    Churn churn(system, random());
    Replicas replicas(system);
    milliseconds slowest_start{0}, slowest_takeover{0};
    std::size_t documents = 0, differences = 0, lost_feed = 0;

    // The sample of every test run has the machine not to itself, and sanitizers on.
    const bool sample = std::getenv("TRIBUTARY_CHAOS_LOOPS") == nullptr;
    const std::uint64_t enough = sample ? 1 : std::min<std::uint64_t>(20, loops);
    milliseconds syncs_take{700};
    std::uint64_t done = 0;
    // A kill that meets no run proves little: a campaign goes on until enough did.
    while (done < loops || (replicas.interrupted() < enough && done < 2 * loops + 20)) {
        ++done;
        churn.round();
        for (const std::string& name : quick) {
            const std::string path = "/v1/connections/" + system.connections().at(name) + "/sync";
            REQUIRE(system.api().post(path).status == 202);
        }
        std::this_thread::sleep_for(milliseconds(random() % static_cast<std::uint64_t>(syncs_take.count())));
        replicas.kill(draw_victim(random));
        slowest_start = std::max(slowest_start, replicas.start_again());
        slowest_takeover = std::max(slowest_takeover, replicas.until_taken_over());
        // Joins what is under way, and walks once more what a kill cut short.
        system.sync(quick);
        syncs_take = took([&] { system.sync(quick); });
        const e2e::Comparison all = e2e::compare_everything(system);
        documents += all.served.count();
        differences += all.differences.found;
        lost_feed += broken_feeds(system);
        if (done % 10 == 0) std::cout << "chaos: " << done << " loops\n" << std::flush;
    }
    const std::size_t false_removals = false_tombstones(system, churn);
    CHECK(differences == 0);
    CHECK(false_removals == 0);
    CHECK(lost_feed == 0);
    CHECK(replicas.interrupted() >= enough);
    CHECK(slowest_takeover <= std::chrono::seconds(lease + 5));
    if (!sample) CHECK(slowest_start <= std::chrono::seconds(2));
    std::cout << "chaos: " << done << " loops, " << replicas.kills() << " kills -9, "
              << replicas.interrupted() << " runs interrupted, " << churn.ever_removed().size()
              << " objects removed, " << documents << " documents compared, " << differences
              << " differences, " << false_removals << " false tombstones, " << lost_feed
              << " broken feeds, slowest takeover " << slowest_takeover.count()
              << " ms after the kill, slowest start " << slowest_start.count() << " ms\n";
}
