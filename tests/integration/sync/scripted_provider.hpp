// A provider of one stream of accounts that says what a test tells it to, and runs of it over a real store.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>

#include "domain/ports/provider.hpp"
#include "services/sync/run.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::tests {

/// What the provider knows and does. Outlives its sessions.
struct Script {
    /// Keys in the list, which is one page.
    std::set<std::string> listed;
    /// What a read by id answers: nothing where the object is still there.
    std::function<std::optional<domain::Errc>(const std::string& key)> refuses_read;
    /// How long a session sleeps before it answers a list.
    std::chrono::steady_clock::duration sleeps{};
    std::multiset<std::string> reads;
};

/// Time passes only in sleeps.
class SleptClock final : public domain::ports::Clock {
  public:
    [[nodiscard]] domain::Timestamp now() const override { return {}; }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override {
        return std::chrono::steady_clock::time_point(passed);
    }

    domain::ports::Task<domain::Result<void>> sleep(std::chrono::steady_clock::duration duration) override;

    std::chrono::steady_clock::duration passed{};
};

/// A tenant with one connection to the scripted provider.
struct RunFixture : StoreFixture {
    RunFixture();

    /// Asks for a run, claims it and performs it; closes it where it has an outcome.
    domain::Result<sync::RunResult> run(std::function<bool()> keep_going = [] { return true; });
    [[nodiscard]] std::string live() const;

    Script script;
    SleptClock clock;
    sync::RemovalLimits limits;
    domain::ports::ConnectionView connection;
    sync::Providers providers;
};

}  // namespace tributary::tests
