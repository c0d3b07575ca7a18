// Replicas that share budgets and ask one provider, in virtual time and without sockets.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <functional>
#include <string>
#include <vector>

#include "services/sync/guarded_transport.hpp"
#include "tests/support/fake_budgets.hpp"
#include "virtual_clock.hpp"

namespace tributary::tests {

/// A provider that answers what it is told to and remembers when it was asked.
class FakeProvider final : public domain::ports::HttpTransport {
  public:
    explicit FakeProvider(VirtualClock& clock) : clock_(clock) {}

    domain::ports::Task<domain::Result<domain::ports::HttpAnswer>> send(
        domain::ports::HttpCall call) override;

    /// The n-th request's answer, counted from 0.
    std::function<domain::Result<domain::ports::HttpAnswer>(std::size_t)> answer;
    std::chrono::milliseconds latency{5};
    /// How long it takes until a connection stands.
    std::chrono::milliseconds connecting{0};
    /// No connection can be made.
    bool unreachable = false;
    /// When requests arrived, since the first moment.
    std::vector<std::chrono::steady_clock::time_point> asked;
    std::size_t under_way = 0;
    std::size_t most_under_way = 0;

  private:
    VirtualClock& clock_;
};

domain::ports::HttpAnswer answer_of(int status, const std::string& retry_after = {});

struct TrafficWorld {
    boost::asio::io_context io;
    VirtualClock clock{io};
    FakeBudgets budgets{clock};
    FakeProvider provider{clock};
    sync::Traffic traffic{.budgets = budgets, .terms = {{"upvest", {1'000, 100}}}};

    sync::Sender sender(domain::Lane lane = domain::Lane::interactive, const std::string& credential = "a");
    sync::GuardedTransport guarded(domain::Lane lane = domain::Lane::interactive,
                                   const std::string& credential = "a");
    /// Sends one request and waits for its answer, in virtual time.
    domain::Result<domain::ports::HttpAnswer> ask(sync::GuardedTransport& transport,
                                                  const std::string& target = "/users");
    /// Runs several at once to their end; a thrown exception fails the test.
    void run(std::vector<domain::ports::Task<void>> tasks);
    void pass(std::chrono::milliseconds time);
};

}  // namespace tributary::tests
