#include "services/ops/ready_counts.hpp"

#include <doctest/doctest.h>

#include <array>
#include <thread>
#include <vector>

#include "services/ops/measured_handler.hpp"

using namespace tributary;
using namespace std::chrono_literals;
using ops::ReadyCount;
using ops::ReadyCounts;

namespace {

std::vector<ReadyCount> taken(ReadyCounts& counts) {
    std::vector<ReadyCount> all;
    counts.take([&all](const ReadyCount& one) { all.push_back(one); });
    return all;
}

struct StillClock final : domain::ports::Clock {
    [[nodiscard]] domain::Timestamp now() const override { return {}; }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override { return {}; }

    domain::ports::Task<domain::Result<void>> sleep(std::chrono::steady_clock::duration) override {
        co_return domain::Result<void>();
    }
};

/// Has everything in memory.
struct Ready final : domain::ports::HttpHandler {
    bool at_once(const domain::ports::RequestView& request, std::unique_ptr<domain::ports::ConnectionMemory>&,
                 domain::ports::ReadyReply& reply) override {
        reply.status = 304;
        reply.route = "/v1/accounts/{id}";
        return request.path != "/none";
    }

    domain::ports::Task<std::optional<domain::ports::HttpReply>> admit(domain::ports::HttpRequest&) override {
        co_return std::nullopt;
    }

    domain::ports::Task<domain::ports::HttpReply> handle(domain::ports::HttpRequest) override {
        co_return domain::ports::HttpReply{};
    }
};

}  // namespace

TEST_CASE("answers are counted by route, method and status, each in the bucket of its time, and taken once") {
    constexpr std::array bounds{0.001, 0.01};
    ReadyCounts counts(bounds);
    counts.count("/a", "GET", 200, 1ms);
    counts.count("/a", "GET", 200, 5ms);
    counts.count("/a", "GET", 200, 1s);
    counts.count("/a", "GET", 304, 1us);
    const auto all = taken(counts);
    REQUIRE(all.size() == 2);
    CHECK(all[0].answers == 3);
    CHECK(all[0].buckets == std::vector<double>{1, 1, 1});
    CHECK(all[0].seconds == doctest::Approx(1.006));
    CHECK(all[1].status == 304);
    CHECK(all[1].buckets == std::vector<double>{1, 0, 0});
    CHECK(taken(counts).empty());
}

TEST_CASE("no answer is lost that several threads count while they are taken") {
    constexpr std::array bounds{0.001};
    constexpr int each = 20'000;
    ReadyCounts counts(bounds);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&counts] {
            for (int n = 0; n < each; ++n)
                counts.count("/a", "GET", 200, 1us);
        });
    }
    std::uint64_t sum = 0;
    const auto add = [&] {
        for (const ReadyCount& one : taken(counts))
            sum += one.answers;
    };
    for (int i = 0; i < 50; ++i)
        add();
    for (std::thread& thread : threads)
        thread.join();
    add();
    CHECK(sum == 4 * each);
}

TEST_CASE(
    "answers from memory are seen in the metrics beside all others, those that were not given are not") {
    StillClock clock;
    Ready handler;
    ops::Metrics metrics("test");
    ops::MeasuredHandler measured(handler, metrics, clock, [](const auto&) { return "other"; });
    std::unique_ptr<domain::ports::ConnectionMemory> memory;
    domain::ports::ReadyReply reply;
    CHECK(measured.at_once({"HEAD", "/v1/accounts/x", "", {}}, memory, reply));
    CHECK(measured.at_once({"HEAD", "/v1/accounts/y", "", {}}, memory, reply));
    CHECK_FALSE(measured.at_once({"HEAD", "/none", "", {}}, memory, reply));
    const std::string text = metrics.text();
    CHECK(text.contains(
        R"(tributary_http_requests_total{code="304",method="HEAD",route="/v1/accounts/{id}"} 2)"));
    CHECK(text.contains(
        R"(tributary_http_request_duration_seconds_count{method="HEAD",route="/v1/accounts/{id}"} 2)"));
}
