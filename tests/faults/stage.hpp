// One connection of one provider and the engine that syncs it: the real adapter over a sandbox that a fault
// bends, in virtual time, into a store in memory. Where a fault is about many, more connections, and other
// providers beside.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "adapters/http/client/client.hpp"
#include "services/sync/guarded_transport.hpp"
#include "services/sync/tools.hpp"
#include "tests/faults/direct_road.hpp"
#include "tests/faults/exchange.hpp"
#include "tests/faults/wire_peer.hpp"
#include "tests/sandbox/control/sandbox.hpp"
#include "tests/simulation/process.hpp"
#include "tests/support/fake_budgets.hpp"

namespace tributary::faults {

enum class Road {
    direct,  ///< the sandbox is called in virtual time; faults are answers
    wire,    ///< the HTTPS client and TCP on loopback; faults are bytes
};

struct StageOptions {
    std::string provider;
    /// One of the sandbox's logins; empty: the provider's usual one.
    std::string login = {};
    Road road = Road::direct;
    std::uint64_t seed = 1;
    /// Of the client on the wire; plain_origins is filled in.
    http::ClientOptions client = {};
    domain::BudgetTerms terms{10'000, 1'000};
    /// Items a page, far fewer than providers give, so that few objects make many pages.
    std::uint32_t page_limit = 20;
    /// All with the same login, as far as the provider can tell.
    std::size_t connections = 1;
    /// Other providers that the same replica syncs, each with as many connections; on the direct road.
    std::vector<std::string> neighbours = {};
    /// Of each provider.
    std::size_t concurrent_runs = 16;
};

/// What one run left behind.
struct Synced {
    domain::ports::RunOutcome outcome;
    /// Of the run alone: requests for data, and for tokens.
    std::size_t asked = 0;
    std::size_t token_calls = 0;

    [[nodiscard]] bool well() const { return outcome.state == "succeeded"; }
};

class Stage {
  public:
    explicit Stage(StageOptions options);
    ~Stage();
    Stage(const Stage&) = delete;
    Stage& operator=(const Stage&) = delete;

    /// A run of the connection, from claim to finish.
    Synced sync();

    /// The engine's workers run whatever is due, for so long; `every_second` is called so often meanwhile.
    void work(simulation::Instant time, const std::function<void()>& every_second = {});
    /// How old what is known is, of each connection of the provider: since its every stream was proved
    /// complete.
    [[nodiscard]] std::vector<std::chrono::milliseconds> ages(const std::string& provider) const;
    /// How long a request or an answer of the provider is on its way, on the direct road.
    void set_latency(const std::string& provider, std::chrono::milliseconds latency);
    /// The connections whose every stream was proved complete since.
    [[nodiscard]] std::size_t fresh_since(simulation::Instant at) const;

    /// Bends what the sandbox says. Empty: nothing is bent.
    void bend(AnswerFault fault) { exchange_.answer_fault = std::move(fault); }

    void bend_wire(WireFault fault) { exchange_.wire_fault = std::move(fault); }

    void heal();

    /// Requests so far.
    [[nodiscard]] std::vector<Asked>& log() { return exchange_.log; }

    /// The targets of the requests for data that a clean run makes, in order, each once. Runs once, clean.
    const std::vector<std::string>& pages();
    /// The first, the middle and the last of pages().
    std::vector<std::string> places();

    /// Everything that is stored and live, as one text: equal texts say the same.
    [[nodiscard]] std::string contents() const;
    /// The keys of all live rows.
    [[nodiscard]] std::set<simulation::RecordKey> live() const;
    /// How many rows are removed.
    [[nodiscard]] std::size_t removed() const;

    /// The provider's clock is so far ahead of the truth; negative: behind.
    void skew_provider(std::chrono::seconds by);

    /// Virtual time passes.
    void pass(simulation::Instant time);

    [[nodiscard]] simulation::Instant now() const { return timeline_.now(); }

    /// A session of the adapter with the connection's credentials, for what needs no engine.
    std::unique_ptr<domain::ports::ProviderSession> open();

    /// A POST to the sandbox's control listener that must work.
    void control(const std::string& path, const std::string& body);
    [[nodiscard]] json::Value population();

    /// Runs a task to its end.
    template <class T>
    T run(domain::ports::Task<T> task) {
        std::optional<T> result;
        bool done = false;
        std::exception_ptr failure;
        boost::asio::co_spawn(
            io_,
            [](domain::ports::Task<T> inner, std::optional<T>& out) -> domain::ports::Task<void> {
                out.emplace(co_await std::move(inner));
            }(std::move(task), result),
            [&](std::exception_ptr thrown) {
                failure = thrown;
                done = true;
            });
        pump(done);
        if (failure) {
            std::rethrow_exception(failure);
        }
        return std::move(*result);
    }

    [[nodiscard]] simulation::ProcessClock& clock() { return clock_; }

    [[nodiscard]] simulation::Database& database() { return database_; }

    [[nodiscard]] sync::Traffic& traffic() { return traffic_; }

    [[nodiscard]] const domain::Uuid& connection() const { return connection_; }

    [[nodiscard]] domain::ports::HttpTransport& transport();

  private:
    void pump(const bool& done);
    /// Returns the first of the connections made.
    domain::Uuid connect(const std::string& provider, const std::string& login);
    void keep_few(const std::string& login);
    [[nodiscard]] sync::SyncTools tools();

    StageOptions options_;
    boost::asio::io_context io_;
    simulation::Timeline timeline_;
    simulation::Dice dice_;
    simulation::Trace trace_;
    simulation::FaultPlan no_faults_;
    simulation::Database database_;
    simulation::StoreTools store_tools_;
    simulation::SimulatedPages pages_;
    simulation::SimulatedConnections connections_;
    simulation::ProcessClock clock_;
    simulation::DiceRandom random_;
    simulation::PlainSealer sealer_;
    sandbox::Sandbox sandbox_;
    FaultyExchange exchange_;
    DirectRoad direct_;
    std::unique_ptr<WirePeer> peer_;
    std::unique_ptr<http::HttpClient> client_;
    tests::FakeBudgets budgets_;
    sync::Traffic traffic_;
    sync::Providers providers_;
    domain::Uuid connection_;
    std::vector<std::string> clean_pages_;
};

}  // namespace tributary::faults
