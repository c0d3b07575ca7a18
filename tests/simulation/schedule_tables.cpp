#include "tests/simulation/schedule_tables.hpp"

#include <algorithm>

#include "domain/try.hpp"
#include "tests/simulation/page_tables.hpp"

namespace tributary::simulation {

using namespace domain::ports;
using domain::Errc;
using domain::Result;
using domain::Uuid;

const RunRow* Database::open_run(const Uuid& connection) const {
    for (const auto& [id, run] : runs.rows()) {
        if (run.view.connection_id == connection &&
            (run.view.state == "queued" || run.view.state == "running")) {
            return &run;
        }
    }
    return nullptr;
}

std::size_t Database::live_records(const StreamRef& stream) const {
    std::size_t live = 0;
    for (auto it = records.rows().lower_bound({stream, ""});
         it != records.rows().end() && it->first.stream == stream; ++it) {
        live += it->second.removed ? 0 : 1;
    }
    return live;
}

Result<ConnectionView> ScheduleTables::create(const NewConnection& connection) {
    ConnectionRow& row = db_.connections.change(connection.id);
    row.view.id = connection.id;
    row.view.name = connection.name;
    row.view.provider = connection.provider;
    row.view.environment = connection.environment;
    row.view.base_url = connection.base_url;
    row.view.period = connection.period;
    row.view.settings = connection.settings;
    row.view.created_at = now_;
    row.sealed_credentials = connection.sealed_credentials;
    DueRow& due = db_.due.change(connection.id);
    due.due_at = now_;
    due.asked_for = true;
    queue_run(connection.id, "first");
    return row.view;
}

Uuid ScheduleTables::queue_run(const Uuid& connection, std::string cause) {
    std::array<std::uint8_t, 10> bytes{};
    DiceRandom(dice_).fill(bytes);
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(now_.time_since_epoch()).count();
    const Uuid id = domain::time_ordered_uuid(static_cast<std::uint64_t>(ms), bytes);
    RunRow& run = db_.runs.change(id);
    run.view.id = id;
    run.view.connection_id = connection;
    run.view.cause = std::move(cause);
    run.view.state = "queued";
    run.view.requested_at = now_;
    return id;
}

Result<RunView> ScheduleTables::request_run(const Uuid& connection, const std::string& cause) {
    const RunRow* open = db_.open_run(connection);
    if (open != nullptr && open->view.state == "running") {
        return open->view;
    }
    const Uuid id = open != nullptr ? open->view.id : queue_run(connection, cause);
    DueRow& due = db_.due.change(connection);
    due.due_at = std::min(due.due_at.value_or(now_), now_);
    due.asked_for = true;
    return db_.runs.find(id)->view;
}

Result<std::vector<ClaimedRun>> ScheduleTables::claim(const Uuid& owner, std::size_t limit,
                                                      std::chrono::seconds lease,
                                                      const Claimable& claimable) {
    std::vector<std::tuple<bool, domain::Timestamp, Uuid>> ready;
    for (const auto& [id, due] : db_.due.rows()) {
        const bool free = !due.lease_owner || due.lease_until < now_;
        if (due.due_at && *due.due_at <= now_ && free && claimable(db_.connections.find(id)->view)) {
            ready.emplace_back(!due.asked_for, *due.due_at, id);
        }
    }
    std::ranges::sort(ready);
    std::vector<ClaimedRun> runs;
    for (const auto& [scheduled, due_at, id] : ready) {
        if (runs.size() == limit) {
            break;
        }
        DueRow& due = db_.due.change(id);
        due.lease_owner = owner;
        due.lease_until = now_ + lease;
        ++due.fence;
        runs.push_back(start(id));
    }
    return runs;
}

ClaimedRun ScheduleTables::start(const Uuid& connection) {
    const RunRow* open = db_.open_run(connection);
    const Uuid run_id = open != nullptr ? open->view.id : queue_run(connection, "schedule");
    RunRow& run = db_.runs.change(run_id);
    ClaimedRun claimed;
    claimed.tenant = db_.tenant;
    claimed.resumed = run.view.state == "running";
    run.view.state = "running";
    run.view.started_at = now_;
    claimed.connection = db_.connections.find(connection)->view;
    for (const auto& [name, state] : db_.connections.find(connection)->streams) {
        claimed.connection.streams.push_back(state);
    }
    claimed.connection.last_run_id = run_id;
    claimed.health = db_.connections.find(connection)->health;
    claimed.sealed_credentials = db_.connections.find(connection)->sealed_credentials;
    claimed.run_id = run_id;
    claimed.run_cause = run.view.cause;
    claimed.counts = run.counts;
    claimed.resume = run.resume;
    claimed.fence = db_.due.find(connection)->fence;
    return claimed;
}

Result<void> ScheduleTables::renew(const Lease& lease, std::chrono::seconds duration) {
    TRIBUTARY_TRY(require_lease(db_, lease));
    db_.due.change(lease.connection_id).lease_until = now_ + duration;
    return {};
}

void ScheduleTables::keep(ConnectionRow& row, const StreamState& state) {
    StreamState& kept = row.streams[state.stream];
    const auto fetched_at = state.fetched_at ? state.fetched_at : kept.fetched_at;
    const auto complete_at =
        state.verified_complete_at ? state.verified_complete_at : kept.verified_complete_at;
    kept = state;
    kept.fetched_at = fetched_at;
    kept.verified_complete_at = complete_at;
}

Result<void> ScheduleTables::finish(const Lease& lease, const Uuid& run_id, const RunOutcome& outcome) {
    TRIBUTARY_TRY(require_lease(db_, lease));
    const RunRow* run = db_.runs.find(run_id);
    if (run == nullptr || run->view.state != "running") {
        return domain::fail(Errc::not_found, "this connection has no such run under way");
    }
    RunRow& closed = db_.runs.change(run_id);
    closed.view.state = outcome.state;
    closed.view.finished_at = now_;
    closed.view.report = outcome.report;
    closed.view.error_code = outcome.error_code;
    closed.view.error_detail = outcome.error_detail;
    ConnectionRow& connection = db_.connections.change(lease.connection_id);
    connection.view.last_run_id = run_id;
    for (const StreamState& state : outcome.streams) {
        keep(connection, state);
    }
    const bool well = outcome.health.status == ConnectionStatus::active;
    const auto waiting = well ? waiting_proposal(lease.connection_id) : std::nullopt;
    set_health(lease.connection_id, waiting ? domain::health_held(*waiting) : outcome.health);
    db_.notes.finished_connection = lease.connection_id;
    db_.notes.stream_states = outcome.streams;
    DueRow& due = db_.due.change(lease.connection_id);
    due.lease_owner.reset();
    due.asked_for = false;
    due.due_at.reset();
    if (outcome.next_due_in) {
        due.due_at = now_ + *outcome.next_due_in;
    }
    return {};
}

std::optional<Uuid> ScheduleTables::waiting_proposal(const Uuid& connection) const {
    for (const auto& [key, proposal] : db_.proposals.rows()) {
        if (key.first.connection_id == connection && proposal.state == ProposalState::pending) {
            return key.second;
        }
    }
    return std::nullopt;
}

void ScheduleTables::set_health(const Uuid& connection, domain::Health health) {
    ConnectionRow& row = db_.connections.change(connection);
    row.view.status = health.status;
    row.view.status_reason = health.reason;
    row.view.next_step = health.next_step;
    row.health = std::move(health);
}

void ScheduleTables::resume_streams(const Uuid& connection) {
    for (auto& [name, state] : db_.connections.change(connection).streams) {
        if (state.verdict == "paused") {
            state.verdict = "partial";
        }
    }
    set_health(connection, domain::health_by_decision(ConnectionStatus::pending));
    const RunRow* open = db_.open_run(connection);
    if (open != nullptr && open->view.state == "running") {
        RunRow& run = db_.runs.change(open->view.id);
        run.view.state = "queued";
        run.counts.clear();
        run.resume.clear();
    }
    DueRow& due = db_.due.change(connection);
    due.lease_owner.reset();
    ++due.fence;
    request_run(connection, "resumed").value();
}

void ScheduleTables::repair(const Uuid& connection) {
    set_health(connection, domain::health_by_decision(ConnectionStatus::pending));
    request_run(connection, "repaired").value();
}

void ScheduleTables::approve_removals(const Uuid& connection) {
    std::vector<std::pair<StreamRef, Uuid>> pending;
    for (const auto& [key, proposal] : db_.proposals.rows()) {
        if (key.first.connection_id == connection && proposal.state == ProposalState::pending) {
            pending.push_back(key);
        }
    }
    for (const auto& key : pending) {
        db_.proposals.change(key).state = ProposalState::approved;
    }
    set_health(connection, {.status = ConnectionStatus::active});
    request_run(connection, "approved_removals").value();
}

Result<std::optional<std::chrono::milliseconds>> ScheduleTables::next_due(const std::string& provider) const {
    std::optional<domain::Timestamp> next;
    for (const auto& [id, due] : db_.due.rows()) {
        if (due.due_at && db_.connections.find(id)->view.provider == provider) {
            const domain::Timestamp at = due.lease_owner ? due.lease_until : *due.due_at;
            next = next ? std::min(*next, at) : at;
        }
    }
    if (!next) {
        return std::optional<std::chrono::milliseconds>();
    }
    return std::optional(
        std::max(std::chrono::milliseconds(0), std::chrono::ceil<std::chrono::milliseconds>(*next - now_)));
}

}  // namespace tributary::simulation
