#include "tests/simulation/store.hpp"

#include <algorithm>

#include "tests/simulation/page_tables.hpp"

namespace tributary::simulation {

using namespace domain::ports;
using domain::Errc;
using domain::Result;
using domain::Uuid;
using std::chrono::milliseconds;

Task<void> Transactions::travel(Fault death) {
    const bool dies = tools_.dies(process_, death);
    co_await tools_.timeline.wait(
        process_, dies ? milliseconds(1) : tools_.dice.between(milliseconds(1), milliseconds(30)));
}

Task<Result<void>> Transactions::run(const char* name, Job job, bool repeats) {
    constexpr int max_attempts = 3;
    const bool hopeless = repeats && tools_.faults.strikes(Fault::conflict_for_good);
    for (int attempted = 1;; ++attempted) {
        const bool conflict = hopeless || (repeats && tools_.faults.strikes(Fault::conflict));
        Result<void> outcome = co_await attempt(name, job, conflict);
        const bool again = repeats && !outcome && outcome.error().code == Errc::conflict;
        if (!again || attempted == max_attempts) {
            co_return outcome;
        }
    }
}

Task<Result<void>> Transactions::attempt(const char* name, Job job, bool conflict) {
    FaultPlan& faults = tools_.faults;
    Database& database = tools_.database;
    co_await travel(Fault::kill_before_store);
    if (faults.strikes(Fault::store_unavailable)) {
        tools_.trace.note("p{} {}: unavailable", process_, name);
        co_return domain::fail(Errc::unavailable, "the database is away");
    }
    // From here to the decision nobody else has a turn: transactions are serial.
    database.notes = {};
    Result<void> outcome = job();
    if (outcome && conflict) {
        outcome = domain::fail(Errc::conflict, "a serialization failure");
    } else if (outcome && faults.strikes(Fault::commit_lost)) {
        outcome = domain::fail(Errc::in_doubt, "the connection broke during COMMIT");
    }
    if (outcome) {
        tools_.judge(process_);
        database.journal.forget();
        if (faults.strikes(Fault::answer_lost)) {
            outcome = domain::fail(Errc::in_doubt, "the connection broke during COMMIT");
        }
    } else {
        database.journal.roll_back();
        if (outcome.error().code == Errc::stale_owner) {
            faults.count(Fault::stale_write_refused);
        }
    }
    tools_.trace.note("p{} {}: {}", process_, name,
                      outcome ? "done" : std::string(name_of(outcome.error().code)));
    co_await travel(Fault::kill_after_store);
    co_return outcome;
}

Task<Result<void>> SimulatedPages::transact(Uuid /*tenant*/,
                                            std::function<Result<void>(PageTransaction&)> job) {
    StoreTools& tools = transactions_.tools();
    Transactions::Job in_tables = [&tools, job = std::move(job)] {
        PageTables tables(tools.database, tools.now());
        return job(tables);
    };
    Result<void> outcome = co_await transactions_.run("page", std::move(in_tables), true);
    co_return outcome;
}

template <class T, class Call>
SimulatedConnections::Answer<T> SimulatedConnections::ask(const char* name, Call call) {
    StoreTools& tools = transactions_.tools();
    const auto answer = std::make_shared<Result<T>>();
    Transactions::Job in_tables = [&tools, call = std::move(call), answer]() -> Result<void> {
        ScheduleTables tables(tools.database, tools.dice, tools.now());
        *answer = call(tables);
        if (!*answer) {
            return std::unexpected(answer->error());
        }
        return {};
    };
    Result<void> outcome = co_await transactions_.run(name, std::move(in_tables));
    if (!outcome) {
        co_return std::unexpected(std::move(outcome).error());
    }
    co_return std::move(*answer);
}

SimulatedConnections::Answer<ConnectionView> SimulatedConnections::create_connection(
    Uuid /*tenant*/, NewConnection connection) {
    return ask<ConnectionView>("create", [connection = std::move(connection)](ScheduleTables& tables) {
        return tables.create(connection);
    });
}

SimulatedConnections::Answer<RunView> SimulatedConnections::request_run(Uuid /*tenant*/, Uuid connection_id,
                                                                        std::string cause) {
    return ask<RunView>("request_run", [connection_id, cause = std::move(cause)](ScheduleTables& tables) {
        return tables.request_run(connection_id, cause);
    });
}

SimulatedConnections::Answer<std::vector<ClaimedRun>> SimulatedConnections::claim_due(
    Uuid owner, std::string provider, std::size_t limit, std::chrono::seconds lease) {
    return ask<std::vector<ClaimedRun>>("claim", [=](ScheduleTables& tables) {
        return tables.claim(owner, limit, lease,
                            [&provider](const ConnectionView& row) { return row.provider == provider; });
    });
}

SimulatedConnections::Answer<std::vector<ClaimedRun>> SimulatedConnections::claim_connection(
    Uuid owner, Uuid connection, std::chrono::seconds lease) {
    return ask<std::vector<ClaimedRun>>("claim", [=](ScheduleTables& tables) {
        return tables.claim(owner, 1, lease,
                            [&connection](const ConnectionView& row) { return row.id == connection; });
    });
}

SimulatedConnections::Answer<void> SimulatedConnections::renew_lease(Lease lease,
                                                                     std::chrono::seconds duration) {
    return ask<void>("renew", [=](ScheduleTables& tables) { return tables.renew(lease, duration); });
}

SimulatedConnections::Answer<void> SimulatedConnections::finish_run(Uuid /*tenant*/, Lease lease, Uuid run_id,
                                                                    RunOutcome outcome) {
    return ask<void>("finish", [lease, run_id, outcome = std::move(outcome)](ScheduleTables& tables) {
        return tables.finish(lease, run_id, outcome);
    });
}

SimulatedConnections::Answer<std::optional<milliseconds>> SimulatedConnections::next_due(
    std::string provider) {
    return ask<std::optional<milliseconds>>(
        "next_due", [=](ScheduleTables& tables) { return tables.next_due(provider); });
}

namespace {

std::unexpected<domain::Error> not_simulated() {
    return domain::fail(Errc::internal, "This call is not simulated.");
}

}  // namespace

SimulatedConnections::Answer<std::vector<ConnectionView>> SimulatedConnections::connections(Uuid /*tenant*/) {
    co_return not_simulated();
}

SimulatedConnections::Answer<std::vector<ConnectionView>> SimulatedConnections::connection_page(
    Uuid /*tenant*/, domain::ports::ConnectionQuery /*query*/) {
    co_return not_simulated();
}

SimulatedConnections::Answer<ConnectionView> SimulatedConnections::connection(Uuid /*tenant*/, Uuid /*id*/) {
    co_return not_simulated();
}

SimulatedConnections::Answer<void> SimulatedConnections::remove_connection(Uuid /*tenant*/, Uuid /*id*/) {
    co_return not_simulated();
}

SimulatedConnections::Answer<void> SimulatedConnections::forget_connection(Uuid /*tenant*/, Lease /*lease*/) {
    co_return not_simulated();
}

SimulatedConnections::Answer<void> SimulatedConnections::pause_connection(Uuid /*tenant*/, Uuid /*id*/,
                                                                          bool /*paused*/) {
    co_return not_simulated();
}

SimulatedConnections::Answer<RunView> SimulatedConnections::run(Uuid /*tenant*/, Uuid /*id*/) {
    co_return not_simulated();
}

SimulatedConnections::Answer<std::vector<RunView>> SimulatedConnections::runs(Uuid /*tenant*/,
                                                                              RunQuery /*query*/) {
    co_return not_simulated();
}

SimulatedConnections::Answer<ConnectionView> SimulatedConnections::repair_connection(
    Uuid /*tenant*/, ConnectionRepair /*repair*/) {
    co_return not_simulated();
}

SimulatedConnections::Answer<ProposalView> SimulatedConnections::proposal(Uuid /*tenant*/, Uuid /*run*/) {
    co_return not_simulated();
}

SimulatedConnections::Answer<ProposalView> SimulatedConnections::decide_proposal(
    Uuid /*tenant*/, ProposalDecision /*decision*/) {
    co_return not_simulated();
}

}  // namespace tributary::simulation
