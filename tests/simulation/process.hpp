// One life of one tributary process: the engine's own workers over the simulated ports. Destroying it is
// kill -9: whatever it was doing is never gone on with.
#pragma once

#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>

#include "services/sync/worker.hpp"
#include "tests/simulation/provider.hpp"
#include "tests/simulation/store.hpp"

namespace tributary::simulation {

/// A process' view of time. Its wall clock may be wrong by any amount.
class ProcessClock final : public domain::ports::Clock {
  public:
    ProcessClock(Timeline& timeline, ProcessId process) : timeline_(timeline), process_(process) {}

    [[nodiscard]] domain::Timestamp now() const override;
    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override;
    domain::ports::Task<domain::Result<void>> sleep(std::chrono::steady_clock::duration duration) override;

    void set_wrong_by(Instant wrong) { wrong_by_ = wrong; }

  private:
    Timeline& timeline_;
    ProcessId process_;
    Instant wrong_by_{0};
};

/// Seals nothing and hashes quickly: what it protects is not simulated.
class PlainSealer final : public domain::ports::Sealer {
  public:
    [[nodiscard]] std::string seal(std::string_view plain, std::string_view context) override;
    [[nodiscard]] domain::Result<std::string> open(std::string_view sealed,
                                                   std::string_view context) const override;
    [[nodiscard]] std::string fingerprint(std::string_view purpose, std::string_view text) const override;
};

/// The banks are called without HTTP.
class NoTransport final : public domain::ports::HttpTransport {
  public:
    domain::ports::Task<domain::Result<domain::ports::HttpAnswer>> send(
        domain::ports::HttpCall call) override;
};

class Process {
  public:
    /// `places`: how many runs of a bank are under way at once, at most.
    Process(ProcessId id, std::size_t machine, std::size_t places, StoreTools& store, BankTools& banks);
    ~Process();
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    /// Runs whatever is ready.
    void poll();

    [[nodiscard]] ProcessId id() const { return id_; }

    /// Which of the machines it runs on; a restart stays there.
    [[nodiscard]] std::size_t machine() const { return machine_; }

    [[nodiscard]] domain::Uuid owner() const { return owner_; }

    /// How many runs of a bank it performs at once.
    [[nodiscard]] std::size_t places() const { return places_; }

    ProcessClock& clock() { return clock_; }

    /// SIGSTOP.
    bool stopped = false;
    /// Dies at the next thing that it waits for.
    bool doomed = false;
    /// A worker's coroutine ended, which it does only by an exception.
    bool ended = false;

  private:
    ProcessId id_;
    std::size_t machine_;
    domain::Uuid owner_;
    std::size_t places_;
    Timeline& timeline_;
    ProcessClock clock_;
    DiceRandom random_;
    SimulatedPages pages_;
    SimulatedConnections connections_;
    PlainSealer sealer_;
    NoTransport transport_;
    sync::Providers providers_;
    std::unique_ptr<boost::asio::io_context> io_;
    /// One a bank.
    std::vector<std::unique_ptr<sync::Worker>> workers_;
};

}  // namespace tributary::simulation
