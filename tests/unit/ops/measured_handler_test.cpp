#include "services/ops/measured_handler.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>

#include "tests/support/run_task.hpp"

using namespace tributary;
using namespace std::chrono_literals;
using domain::ports::HttpReply;
using domain::ports::HttpRequest;
using domain::ports::Task;

namespace {

class ManualClock final : public domain::ports::Clock {
  public:
    [[nodiscard]] domain::Timestamp now() const override { return {}; }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override {
        return std::chrono::steady_clock::time_point(elapsed);
    }

    Task<domain::Result<void>> sleep(std::chrono::steady_clock::duration) override {
        co_return domain::Result<void>();
    }

    std::chrono::seconds elapsed{1};
};

/// A stream of one piece that takes an hour.
struct HourlyPiece final : domain::ports::ReplyStream {
    explicit HourlyPiece(ManualClock& given) : clock(given) {}

    Task<std::optional<std::string>> next() override {
        clock.elapsed += 1h;
        if (told) co_return std::nullopt;
        told = true;
        co_return "piece";
    }

    void stop() noexcept override {}

    ManualClock& clock;
    bool told = false;
};

/// Takes three seconds for the head of a stream.
struct Handler final : domain::ports::HttpHandler {
    explicit Handler(ManualClock& given) : clock(given) {}

    Task<std::optional<HttpReply>> admit(HttpRequest&) override { co_return std::nullopt; }

    Task<HttpReply> handle(HttpRequest) override {
        clock.elapsed += 3s;
        co_return HttpReply{.stream = std::make_shared<HourlyPiece>(clock)};
    }

    ManualClock& clock;
};

}  // namespace

TEST_CASE("a streamed answer is counted once, with the time until its head and not that of its pieces") {
    ManualClock clock;
    Handler handler(clock);
    ops::Metrics metrics("test");
    ops::MeasuredHandler measured(handler, metrics, clock, [](const HttpRequest&) { return "/v1/changes"; });
    HttpRequest request;
    request.method = "GET";
    const HttpReply reply = tests::run_task(measured.handle(std::move(request)));
    REQUIRE(reply.stream);
    while (tests::run_task(reply.stream->next())) {
    }
    const std::string text = metrics.text();
    CAPTURE(text);
    CHECK(text.contains("_seconds_sum{"));
    CHECK(text.contains("} 3\n"));
    CHECK_FALSE(text.contains("} 2\n"));
}
