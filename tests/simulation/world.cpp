#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/simulation/observations.hpp"

namespace tributary::simulation {

using domain::Uuid;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr seconds period{60};
constexpr seconds lease{30};
constexpr seconds longest_absence{90};
constexpr hours longest_back_off{1};
constexpr std::size_t most_connections_of_a_bank = 2;

std::vector<Uuid> ids_of(const std::map<Uuid, std::size_t>& places) {
    std::vector<Uuid> ids;
    for (const auto& [id, place] : places) {
        ids.push_back(id);
    }
    return ids;
}

}  // namespace

World::World(std::uint64_t seed, FaultPlan::Mode mode)
    : dice_(seed),
      faults_(dice_, mode),
      truth_(dice_, faults_, timeline_),
      database_(domain::named_uuid({}, "tenant")),
      checks_({database_, truth_, witness_, timeline_, places_,
               [this](ProcessId process) { return find(process)->owner(); }}),
      store_tools_{database_,
                   timeline_,
                   faults_,
                   dice_,
                   trace_,
                   [this] { return timestamp_of(timeline_.now() + minutes(3)); },
                   [this](ProcessId process, Fault fault) { return dies(process, fault); },
                   [this](ProcessId process) { judge(process); }},
      bank_tools_{truth_,
                  timeline_,
                  faults_,
                  dice_,
                  witness_,
                  trace_,
                  places_,
                  [this](const Uuid& connection, const std::string& stream) {
                      return database_.live_records({connection, stream});
                  },
                  [this](ProcessId process) { return find(process)->clock().now(); },
                  [this](ProcessId process, Fault fault) { return dies(process, fault); }},
      seed_(seed),
      changes_by_itself_(mode == FaultPlan::Mode::everything) {
    found_connections();
    const std::size_t machines = changes_by_itself_ ? 1 + dice_.below(3) : 1;
    for (std::size_t machine = 0; machine < machines; ++machine) {
        start_process(machine);
    }
}

void World::found_connections() {
    for (const Bank* bank : truth_.banks()) {
        const std::size_t connections = 1 + dice_.below(most_connections_of_a_bank);
        for (std::size_t place = 0; place < connections; ++place) {
            places_[found_connection(*bank, place)] = place;
        }
    }
    database_.journal.forget();
}

Uuid World::found_connection(const Bank& bank, std::size_t place) {
    domain::ports::NewConnection connection;
    connection.name = fmt::format("{}-{}", bank.name(), place);
    connection.id = domain::named_uuid({}, connection.name);
    connection.provider = bank.name();
    connection.environment = domain::ProviderEnvironment::sandbox;
    connection.period = period;
    connection.settings = "{}";
    connection.sealed_credentials = "{}";
    ScheduleTables(database_, dice_, store_tools_.now()).create(connection).value();
    return connection.id;
}

void World::start_process(std::size_t machine) {
    const ProcessId id = ++last_process_;
    trace_.note("p{} starts on machine {}", id, machine);
    // Of a bank with two connections, one waits for the other or both run.
    const std::size_t places = changes_by_itself_ ? 1 + dice_.below(2) : 2;
    processes_.emplace(id, std::make_unique<Process>(id, machine, places, store_tools_, bank_tools_));
    processes_.at(id)->poll();
}

Process* World::find(ProcessId process) {
    const auto found = processes_.find(process);
    return found == processes_.end() ? nullptr : found->second.get();
}

bool World::dies(ProcessId process, Fault fault) {
    if (!faults_.strikes(fault)) {
        return false;
    }
    find(process)->doomed = true;
    trace_.note("p{} will die: {}", process, name_of(fault));
    return true;
}

void World::kill(ProcessId process) {
    const std::size_t machine = find(process)->machine();
    trace_.note("p{} is killed", process);
    held_back_.erase(process);
    processes_.erase(process);
    const auto absence = seconds(dice_.between(1, 40));
    timeline_.at(timeline_.now() + absence, [this, machine] { start_process(machine); });
}

void World::judge(ProcessId process) {
    ++outcome_.transactions;
    outcome_.runs += database_.notes.finished_connection ? 1 : 0;
    outcome_.tombstones += database_.notes.removed.size();
    checks_.judge(process);
}

Outcome World::run() {
    const Instant chaos = changes_by_itself_ ? minutes(dice_.between(4, 8)) : minutes(4);
    tick();
    pass_until(chaos);
    cease_faults();
    const Instant ceased = timeline_.now();
    constexpr seconds for_operators{10};
    while (timeline_.now() < deadline(ceased) && !checks_.violation()) {
        pass_until(timeline_.now() + for_operators);
        operate();
        accept_held_removals();
    }
    if (!checks_.violation()) {
        checks_.converged(ceased);
    }
    outcome_.seed = seed_;
    outcome_.violation = checks_.violation();
    outcome_.hash = trace_.hash();
    outcome_.last_lines = trace_.last_lines();
    outcome_.faults = faults_.counts();
    outcome_.virtual_time = timeline_.now();
    processes_.clear();
    return std::move(outcome_);
}

/// A dead owner's lease has to run out first, and a connection in trouble is not asked before its back-off is
/// over; then everything is synced within two periods, or three where one run of a bank waits for another.
Instant World::deadline(Instant ceased) const {
    Instant from = ceased;
    for (const auto& [id, row] : database_.connections.rows()) {
        const DueRow* due = database_.due.find(id);
        if (row.health.failures > 0 && due->due_at) {
            from = std::max<Instant>(from, timeline_.now() + (*due->due_at - store_tools_.now()));
        }
    }
    std::size_t places = 0;
    for (const auto& [id, process] : processes_) {
        places += process->places();
    }
    const bool in_turn = places < most_connections_of_a_bank && places_.size() > truth_.banks().size();
    const Instant by_itself =
        std::min<Instant>(from, ceased + 2 * longest_back_off) + lease + (in_turn ? 3 : 2) * period;
    return std::max<Instant>(by_itself, last_decision_ + lease + period);
}

void World::pass_until(Instant end) {
    while (!checks_.violation() && !timeline_.empty() && timeline_.next_at() <= end) {
        happen(timeline_.pop());
    }
    timeline_.pass_until(end);
}

void World::happen(Timeline::Event event) {
    if (event.action) {
        event.action();
        return;
    }
    Process* process = find(event.process);
    if (process->stopped) {
        held_back_[event.process].push_back(std::move(event));
        return;
    }
    if (process->doomed) {
        event.waiter.reset();  // its coroutine belongs to the process and goes before it
        kill(event.process);
        return;
    }
    event.waiter->go_on({});
    process->poll();
    if (process->ended) {
        checks_.report("engine", "a worker ended by itself");
    }
}

Process* World::some_process() {
    if (processes_.empty()) {
        return nullptr;
    }
    return std::next(processes_.begin(), static_cast<std::ptrdiff_t>(dice_.below(processes_.size())))
        ->second.get();
}

void World::tick() {
    if (faults_.ceased()) {
        return;
    }
    if (changes_by_itself_) {
        for (Bank* bank : truth_.banks()) {
            truth_.let_change(*bank);
        }
    }
    if (Process* process = some_process(); process != nullptr && faults_.strikes(Fault::kill_asleep)) {
        kill(process->id());
    }
    stop_somebody();
    turn_a_clock();
    operate();
    timeline_.at(timeline_.now() + seconds(dice_.between(1, 6)), [this] { tick(); });
}

void World::stop_somebody() {
    Process* process = some_process();
    if (process == nullptr || process->stopped || !faults_.strikes(Fault::pause)) {
        return;
    }
    const ProcessId id = process->id();
    process->stopped = true;
    trace_.note("p{} is stopped", id);
    timeline_.at(timeline_.now() + seconds(dice_.between(5, longest_absence.count())), [this, id] {
        if (Process* found = find(id); found != nullptr && found->stopped) {
            found->stopped = false;
            trace_.note("p{} goes on", id);
            for (Timeline::Event& event : held_back_[id]) {
                timeline_.put_back(timeline_.now(), std::move(event));
            }
            held_back_.erase(id);
        }
    });
}

void World::turn_a_clock() {
    static constexpr hours jumps[] = {hours(-24), hours(-1), hours(0), hours(1), hours(24)};
    Process* process = some_process();
    if (process != nullptr && dice_.chance(0.1) && faults_.strikes(Fault::wall_clock_jump)) {
        const hours wrong = jumps[dice_.below(std::size(jumps))];
        trace_.note("p{}'s clock is wrong by {} h", process->id(), wrong.count());
        process->clock().set_wrong_by(wrong);
    }
}

template <class Act>
void World::decide(const char* what, Act act) {
    trace_.note("an operator {}", what);
    last_decision_ = timeline_.now();
    database_.notes = {};
    ScheduleTables tables(database_, dice_, store_tools_.now());
    act(tables);
    database_.journal.forget();
}

void World::operate() {
    for (const Uuid& id : ids_of(places_)) {
        using domain::ConnectionStatus;
        const ConnectionStatus status = database_.connections.find(id)->view.status;
        const bool refused =
            status == ConnectionStatus::reauth_required || status == ConnectionStatus::disabled;
        if (refused && database_.open_run(id) == nullptr && (faults_.ceased() || dice_.chance(0.2))) {
            decide("repairs", [&](ScheduleTables& tables) { tables.repair(id); });
        }
        const auto& streams = database_.connections.find(id)->streams;
        const bool paused = std::ranges::any_of(
            streams, [](const auto& stream) { return stream.second.verdict == "paused"; });
        if (paused && !refused && (faults_.ceased() || dice_.chance(0.2))) {
            decide("resumes", [&](ScheduleTables& tables) { tables.resume_streams(id); });
        }
    }
}

/// Nothing lies any more, so what is missing is really gone.
void World::accept_held_removals() {
    for (const Uuid& id : ids_of(places_)) {
        const bool held = database_.connections.find(id)->view.status == domain::ConnectionStatus::held;
        if (held && database_.open_run(id) == nullptr) {
            decide("approves", [&](ScheduleTables& tables) { tables.approve_removals(id); });
        }
    }
}

void World::cease_faults() {
    trace_.note("faults cease");
    faults_.cease();
    truth_.correct_mistakes();
    for (Bank* bank : truth_.banks()) {
        bank->blocked_until = timeline_.now();
    }
    for (auto& [id, process] : processes_) {
        if (process->stopped) {
            process->stopped = false;
            for (Timeline::Event& event : held_back_[id]) {
                timeline_.put_back(timeline_.now(), std::move(event));
            }
        }
    }
    held_back_.clear();
    operate();
}

}  // namespace tributary::simulation
