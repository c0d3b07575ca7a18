// What one connection with very many objects costs: the time of its first run and of one that finds nothing
// new, and the memory of the service meanwhile, held against that with few objects.

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>

#include "resident.hpp"
#include "tests/e2e/system/running_system.hpp"
#include "tests/e2e/system/tree.hpp"

using namespace tributary;
using namespace tributary::e2e;
using Seconds = std::chrono::duration<double>;

namespace {

constexpr auto connection = "upvest-01";
constexpr int few_groups = 1'000;
constexpr long bar_more_kib = 64L * 1024;

int many_groups() {
    const char* given = std::getenv("TRIBUTARY_BENCH_GROUPS");
    return given != nullptr ? std::stoi(given) : 100'000;
}

/// Syncs the connection and waits, however long it takes.
Seconds timed_run(RunningSystem& system) {
    const auto start = std::chrono::steady_clock::now();
    const Answer asked =
        system.api().post("/v1/connections/" + system.connections().at(connection) + "/sync");
    REQUIRE(asked.status == 202);
    const std::string run = "/v1/runs/" + text(asked.json, "id");
    for (;;) {
        const std::string state = text(system.api().get(run).json, "state");
        if (state != "queued" && state != "running") {
            CHECK(state == "succeeded");
            return std::chrono::steady_clock::now() - start;
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

struct Walked {
    int groups = 0;
    Seconds first{};
    Seconds unchanged{};
    long resident_kib = 0;
};

Walked walk(int groups) {
    RunningSystem system({}, groups);
    Walked walked;
    walked.first = timed_run(system);
    walked.unchanged = timed_run(system);
    walked.resident_kib = bench::peak_resident(system.service_pid());
    walked.groups = std::stoi(system.database().value(
        "SELECT count(*) FROM records WHERE stream = 'account_groups' AND removed_at IS NULL"));
    CHECK(walked.groups >= groups);
    return walked;
}

}  // namespace

TEST_CASE("a connection with very many account groups is walked in the memory that one with few needs") {
    tests::use_durable_cluster();
    const Walked few = walk(few_groups);
    const Walked many = walk(many_groups());
    const long more_kib = many.resident_kib - few.resident_kib;
    CHECK(more_kib <= bar_more_kib);
    std::cout << "bench walk: " << many.groups << " account groups, first run " << many.first.count()
              << " s, unchanged " << many.unchanged.count() << " s; service at most "
              << many.resident_kib / 1024 << " MiB, " << more_kib / 1024 << " MiB more than with "
              << few.groups << " groups (bar " << bar_more_kib / 1024 << ")\n";
}
