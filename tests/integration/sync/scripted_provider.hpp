// A provider of one stream of accounts that says what a test tells it to, and runs of it over a real store.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "domain/ports/provider.hpp"
#include "services/sync/run.hpp"
#include "tests/support/store_fixture.hpp"

namespace tributary::tests {

/// What the provider knows and does. Outlives its sessions.
struct Script {
    /// Keys of the stream `accounts`, each of whose objects can be read by itself.
    std::set<std::string> listed;
    /// Keys of a second stream, `groups`, whose objects cannot; there is none where it is not set.
    std::optional<std::set<std::string>> groups;
    /// Of these keys: what comes in the object's place, without a key that the decoder of the day can use.
    std::map<std::string, json::Value> unusable;
    /// What every page differs by.
    std::vector<domain::DriftNote> drift;
    domain::ports::Paging paging = domain::ports::Paging::single;
    std::uint32_t page_limit = 100;
    /// The last page leaves out whether more follows.
    bool end_unsaid = false;
    /// What a page is refused with; nothing where it is not.
    std::function<std::optional<domain::Errc>(const domain::ports::PageRequest&)> refuses_page;
    /// Connections with a session at the moment, and the most sessions that one connection ever had at once.
    std::map<domain::Uuid, int> open;
    int most_open = 0;
    /// The pages asked for so far: "accounts", "accounts after k3", "groups from 4".
    std::vector<std::string> asked;
    /// What a read by id answers: nothing where the object is still there.
    std::function<std::optional<domain::Errc>(const std::string& key)> refuses_read;
    /// How long a session sleeps before it answers a list.
    std::chrono::steady_clock::duration sleeps{};
    std::multiset<std::string> reads;
};

/// Time passes only in sleeps.
class SleptClock final : public domain::ports::Clock {
  public:
    [[nodiscard]] domain::Timestamp now() const override {
        return domain::Timestamp(std::chrono::duration_cast<domain::Timestamp::duration>(passed));
    }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override {
        return std::chrono::steady_clock::time_point(passed);
    }

    domain::ports::Task<domain::Result<void>> sleep(std::chrono::steady_clock::duration duration) override;

    std::chrono::steady_clock::duration passed{};
};

/// A tenant with one connection to the scripted provider.
struct RunFixture : StoreFixture {
    RunFixture();

    /// Asks for a run or joins the one that was given up, claims it and performs it; closes it where it has
    /// an outcome, and gives its lease back where it has none.
    domain::Result<sync::RunResult> run(std::function<bool()> keep_going = [] { return true; });
    [[nodiscard]] std::string live() const;
    /// Over this fixture; valid as long as it is.
    sync::SyncTools tools();

    Script script;
    SleptClock clock;
    sync::RemovalLimits limits;
    domain::ports::ConnectionView connection;
    sync::Providers providers;
    std::unique_ptr<domain::ports::Sealer> sealer;
    std::unique_ptr<domain::ports::HttpTransport> transport;
};

}  // namespace tributary::tests
