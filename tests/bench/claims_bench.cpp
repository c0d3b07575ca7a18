// How long a claim of due connections takes where a million are scheduled, alone and with four replicas
// claiming at once, and what a service that has nothing to do needs for them.

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "adapters/postgres/transaction.hpp"
#include "resident.hpp"
#include "tests/e2e/system/program.hpp"
#include "tests/support/blocking_http.hpp"
#include "tests/support/store_fixture.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace tributary;
using namespace tributary::tests;
using Milliseconds = std::chrono::duration<double, std::milli>;

namespace {

constexpr std::size_t claim_size = 100;
constexpr int rounds_alone = 1000;
constexpr int rounds_together = 300;  // of each replica
constexpr int replicas = 4;
constexpr double bar_alone_ms = 10;
constexpr double bar_together_ms = 40;
constexpr long bar_resident_kib = 150L * 1024;

std::size_t scheduled_connections() {
    const char* given = std::getenv("TRIBUTARY_BENCH_CONNECTIONS");
    return given != nullptr ? std::stoul(given) : 1'000'000;
}

/// Half of them due, the others within the next hours.
void schedule(const StoreFixture& fixture, std::size_t count) {
    const std::string tenant = "'" + to_text(fixture.tenant) + "'::uuid";
    const std::string numbers = "generate_series(1, " + std::to_string(count) + ") AS n";
    fixture.database.run(
        "INSERT INTO connections (tenant_id, connection_id, name, provider, environment, base_url, "
        "period_seconds, settings, sealed_credentials, lifecycle, health, health_reason, created_at) "
        "SELECT " +
        tenant +
        ", md5('connection ' || n)::uuid, 'connection ' || n, 'upvest', 'production', "
        "'https://example.org', 300, '{}', 'sealed', 'enabled', 'active', '', now() FROM " +
        numbers);
    fixture.database.run(
        "INSERT INTO due_queue (connection_id, tenant_id, provider, due_at, priority, fence) SELECT "
        "md5('connection ' "
        "|| n)::uuid, " +
        tenant +
        ", 'upvest', now() + CASE WHEN n % 2 = 0 THEN interval '1 hour' ELSE interval '-1 hour' END + n * "
        "interval "
        "'1 ms', 0, 0 FROM " +
        numbers);
    fixture.database.run("VACUUM (ANALYZE) connections");
    fixture.database.run("VACUUM (ANALYZE) due_queue");
    fixture.database.run("CHECKPOINT");
}

/// As the ends of their runs would, over the same session, but at once and without being measured.
void finish_claimed(postgres::Store& store, const domain::Uuid& tenant,
                    const std::vector<domain::ports::ClaimedRun>& claimed) {
    postgres::ArrayText connections, runs;
    for (const auto& run : claimed) {
        connections.add(run.connection.id);
        runs.add(run.run_id);
    }
    good(store.pool().run({tenant}, [&](postgres::Transaction& tx) {
        tx.exec(
            "UPDATE due_queue SET lease_owner = NULL, lease_until = NULL, due_at = due_at + interval '1 day' "
            "WHERE connection_id = ANY($1::uuid[])",
            connections);
        tx.exec(
            "UPDATE runs SET state = 'succeeded', finished_at = now() FROM unnest($2::uuid[]) AS ended(id) "
            "WHERE tenant_id = $1 AND run_id = ended.id",
            tenant, runs);
    }));
}

std::vector<double> claim_repeatedly(const StoreFixture& fixture, int owner, int rounds) {
    SeededRandom random;
    postgres::Store store(StoreFixture::pool_options(1), random);
    std::vector<double> took;
    for (int i = 0; i < rounds; ++i) {
        const auto start = std::chrono::steady_clock::now();
        const auto claimed = good(store.connections().claim_due(id_of("owner " + std::to_string(owner)),
                                                                "upvest", claim_size, std::chrono::hours(1)));
        took.push_back(Milliseconds(std::chrono::steady_clock::now() - start).count());
        if (claimed.size() != claim_size) throw std::runtime_error("too few connections are due");
        finish_claimed(store, fixture.tenant, claimed);
    }
    return took;
}

double percentile(std::vector<double> values, double share) {
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
}

/// Claims of all replicas together.
std::vector<double> claim_together(const StoreFixture& fixture) {
    std::vector<std::vector<double>> took(replicas);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < replicas; ++i) {
            threads.emplace_back([&, i] {
                took[static_cast<std::size_t>(i)] = claim_repeatedly(fixture, i, rounds_together);
            });
        }
    }
    std::vector<double> all;
    for (const auto& one : took) {
        all.insert(all.end(), one.begin(), one.end());
    }
    return all;
}

/// Peak resident memory of a service that has looked at the queue for a while, in KiB.
long resident_of_idle_service(const StoreFixture& fixture) {
    fixture.database.run(
        "UPDATE due_queue SET due_at = now() + interval '1 hour' WHERE due_at < now() + "
        "interval '10 minutes'");
    fixture.database.run(
        "UPDATE due_queue SET lease_owner = NULL, lease_until = NULL WHERE lease_owner IS NOT "
        "NULL");
    const TemporaryFolder folder;
    e2e::ProgramSettings settings;
    settings.database_url = fixture.database.url();
    settings.key_file = folder.file("key", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=\n");
    settings.port = free_port();
    settings.admin_port = free_port();
    const ChildProcess service(e2e::tributary_command(settings, {"serve"}));
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (status_at(settings.admin_port, "/readyz") != 200) {
        if (std::chrono::steady_clock::now() > deadline) throw std::runtime_error("the service is not ready");
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    std::this_thread::sleep_for(std::chrono::seconds(5));
    return bench::peak_resident(service.pid());
}

}  // namespace

TEST_CASE("due connections are claimed within their bars where a million are scheduled") {
    use_durable_cluster();
    const StoreFixture fixture(1);
    const std::size_t count = scheduled_connections();
    schedule(fixture, count);

    const auto alone = claim_repeatedly(fixture, 0, rounds_alone);
    const auto together = claim_together(fixture);
    const long resident = resident_of_idle_service(fixture);
    CHECK(percentile(alone, 0.99) <= bar_alone_ms);
    CHECK(percentile(together, 0.99) <= bar_together_ms);
    CHECK(resident <= bar_resident_kib);
    std::cout << "bench sync: " << count << " scheduled, claims of " << claim_size << ": alone p50 "
              << percentile(alone, 0.5) << " ms, p99 " << percentile(alone, 0.99) << " ms (bar "
              << bar_alone_ms << "); " << replicas << " replicas at once p50 " << percentile(together, 0.5)
              << " ms, p99 " << percentile(together, 0.99) << " ms (bar " << bar_together_ms
              << "); idle service " << resident / 1024 << " MiB (bar " << bar_resident_kib / 1024 << ")\n";
}
