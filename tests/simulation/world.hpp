// One simulation: a seed, its world, its processes, and how it went.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/simulation/checks.hpp"
#include "tests/simulation/process.hpp"

namespace tributary::simulation {

struct Outcome {
    std::uint64_t seed = 0;
    std::optional<Violation> violation;
    /// Of everything that happened; equal where the same happened.
    std::uint64_t hash = 0;
    std::deque<std::string> last_lines;
    FaultCounts faults;
    std::uint64_t transactions = 0;
    std::uint64_t runs = 0;
    std::uint64_t tombstones = 0;
    Instant virtual_time{0};
};

class World {
  public:
    World(std::uint64_t seed, FaultPlan::Mode mode);

    Outcome run();

  private:
    void found_connections();
    domain::Uuid found_connection(const Bank& bank, std::size_t place);
    void start_process(std::size_t machine);
    void kill(ProcessId process);
    Process* find(ProcessId process);
    Process* some_process();
    bool dies(ProcessId process, Fault fault);
    void judge(ProcessId process);

    /// Goes on until this moment, or until something is violated.
    void pass_until(Instant end);
    void happen(Timeline::Event event);
    /// What happens by itself, every few seconds.
    void tick();
    void stop_somebody();
    void turn_a_clock();
    /// Repairs credentials, which the engine never asks for by itself.
    void operate();
    void accept_held_removals();
    /// What an operator does, in a transaction that nothing disturbs.
    template <class Act>
    void decide(const char* what, Act act);
    /// When everything has to be fresh again.
    [[nodiscard]] Instant deadline(Instant ceased) const;
    void cease_faults();

    Timeline timeline_;
    Trace trace_{timeline_};
    Dice dice_;
    FaultPlan faults_;
    Truth truth_;
    Witness witness_;
    Database database_;
    std::map<domain::Uuid, std::size_t> places_;
    Checks checks_;
    StoreTools store_tools_;
    BankTools bank_tools_;
    std::map<ProcessId, std::unique_ptr<Process>> processes_;
    std::map<ProcessId, std::vector<Timeline::Event>> held_back_;
    ProcessId last_process_ = 0;
    /// When an operator last did anything.
    Instant last_decision_{0};
    std::uint64_t seed_;
    bool changes_by_itself_;
    Outcome outcome_;
};

}  // namespace tributary::simulation
