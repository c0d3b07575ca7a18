#include "services/api/event_stream.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <utility>

#include "tests/support/run_task.hpp"

using namespace tributary;
using namespace std::chrono_literals;
using domain::Result;
using domain::Uuid;
using domain::ports::Task;

namespace {

class ManualClock final : public domain::ports::Clock {
  public:
    [[nodiscard]] domain::Timestamp now() const override { return {}; }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override { return at; }

    Task<Result<void>> sleep(std::chrono::steady_clock::duration) override { co_return Result<void>(); }

    std::chrono::steady_clock::time_point at{1h};
};

/// Where commits are announced all the time, so that only who waits for none of them waits at all.
class BusyFeed final : public domain::ports::FeedSignal {
  public:
    explicit BusyFeed(ManualClock& clock) : clock_(clock) {}

    void announce(const Uuid&, std::int64_t commit) override { newest_ = commit; }

    Task<Result<void>> wait(Uuid, std::int64_t seen, std::chrono::milliseconds longest) override {
        if (seen >= newest_) {
            clock_.at += longest;
        }
        co_return Result<void>();
    }

    void stop() override {}

  private:
    ManualClock& clock_;
    std::int64_t newest_ = 0;
};

class BusyStore final : public domain::ports::ChangeStore {
  public:
    Task<Result<domain::ports::ChangePage>> changes(Uuid, domain::ports::ChangeQuery) override {
        ++questions;
        if (questions == most && stream != nullptr) {
            stream->stop();
        }
        co_return domain::fail(domain::Errc::unavailable, "the database queue is full");
    }

    static constexpr int most = 10'000;
    int questions = 0;
    domain::ports::ReplyStream* stream = nullptr;
};

}  // namespace

TEST_CASE("a stream asks a database that refuses it once a second, however many commits are announced") {
    ManualClock clock;
    BusyFeed feed(clock);
    BusyStore store;
    const api::ChangeTools tools{store, feed, clock, [](std::string, Uuid) -> Task<bool> { co_return true; }};
    feed.announce({}, 1'000'000);
    const auto stream = api::event_stream(tools, {});
    store.stream = stream.get();
    CHECK(tests::run_task(stream->next()).has_value());
    // It ends after an hour, as all do.
    CHECK_FALSE(tests::run_task(stream->next()).has_value());
    CHECK(store.questions == 3600);
}
