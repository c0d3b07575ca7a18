#include "tests/simulation/world.hpp"

#include <fmt/format.h>

#include "services/sync/run.hpp"
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
        const std::size_t connections = 1 + dice_.below(2);
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
    processes_.emplace(id, std::make_unique<Process>(id, machine, store_tools_, bank_tools_));
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
    // A dead owner's lease has to run out first; then everything is synced within two periods.
    constexpr seconds for_operators{10};
    for (Instant end = ceased + lease + 2 * period; timeline_.now() < end && !checks_.violation();) {
        pass_until(std::min<Instant>(end, timeline_.now() + for_operators));
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

void World::request_run(const Uuid& connection, const std::string& cause) {
    trace_.note("an operator asks for a run: {}", cause);
    database_.notes = {};
    ScheduleTables(database_, dice_, store_tools_.now()).request_run(connection, cause).value();
    database_.journal.forget();
}

void World::operate() {
    for (const auto& [id, row] : database_.connections.rows()) {
        const bool refused = row.view.status == domain::ports::ConnectionStatus::reauth_required;
        if (refused && database_.open_run(id) == nullptr && (faults_.ceased() || dice_.chance(0.2))) {
            request_run(id, "manual");
        }
    }
}

/// Nothing lies any more, so what is missing is really gone.
void World::accept_held_removals() {
    for (const auto& [id, row] : database_.connections.rows()) {
        const RunRow* last = row.view.last_run_id ? database_.runs.find(*row.view.last_run_id) : nullptr;
        if (last != nullptr && last->view.state == "held" && database_.open_run(id) == nullptr) {
            request_run(id, std::string(sync::removals_accepted));
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
