#include "tests/simulation/checks.hpp"

#include <algorithm>
#include <set>

#include "domain/ids.hpp"
#include "domain/json/parse.hpp"
#include "tests/simulation/provider.hpp"

namespace tributary::simulation {

using domain::Uuid;
using domain::ports::StreamState;

void Checks::report(std::string invariant, std::string what) {
    if (!violation_) {
        violation_ = Violation{std::move(invariant), std::move(what)};
    }
}

Bank& Checks::bank_of(const Uuid& connection) const {
    return world_.truth.bank(world_.database.connections.find(connection)->view.provider);
}

void Checks::judge(ProcessId process) {
    const TransactionNotes& notes = world_.database.notes;
    if (!notes.written.empty() || !notes.removed.empty() || notes.progress_of) {
        judge_ownership(process);
    }
    if (!notes.written.empty() || notes.progress_of) {
        judge_progress(process);
    }
    judge_records();
    judge_removals(process);
    judge_freshness();
    if (!notes.documents.empty()) {
        judge_customers();
    }
}

/// I4: what is written is written by the owner of the moment, who showed the fence of the moment.
void Checks::judge_ownership(ProcessId process) {
    const Database& db = world_.database;
    if (!db.notes.checked) {
        return report("I4", "a transaction wrote without a look at the fence");
    }
    const Uuid connection = db.notes.checked->connection_id;
    const DueRow* due = db.due.find(connection);
    if (due->fence != db.notes.checked->fence || due->lease_owner != world_.owner_of(process)) {
        report("I4", "an owner that was overtaken wrote");
    }
    const auto foreign = [&](const RecordKey& key) { return key.stream.connection_id != connection; };
    if (std::ranges::any_of(db.notes.written, foreign) || std::ranges::any_of(db.notes.removed, foreign)) {
        report("I4", "a transaction wrote records of a connection that it does not hold");
    }
}

/// I1: rows and progress in one transaction, and progress never ahead of the rows.
void Checks::judge_progress(ProcessId process) {
    const Database& db = world_.database;
    if (!db.notes.progress_of) {
        return report("I1", "a page was committed without its progress");
    }
    const RunRow* run = db.runs.find(*db.notes.progress_of);
    if (run == nullptr || run->view.state != "running") {
        return report("I1", "progress was saved for a run that is not under way");
    }
    const auto resume = domain::Result<json::Parsed>(json::parse(run->resume));
    const json::Value* stream = resume ? resume->root.find("stream") : nullptr;
    const std::string* name = stream != nullptr ? stream->if_string() : nullptr;
    if (name == nullptr) {
        return report("I1", "a resume point names no stream");
    }
    const Uuid& connection = run->view.connection_id;
    const WitnessedWalk* walk = world_.witness.find(process, connection, *name);
    if (walk == nullptr) {
        return report("I1", "progress was saved for a stream that nobody asked for");
    }
    for (const std::string& key : walk->keys) {
        const bool keyless = key.starts_with('{');
        const RecordRow* row = db.records.find({{connection, *name}, key});
        if (!keyless && (row == nullptr || row->removed)) {
            return report("I1", "progress is ahead of the rows: " + *name + "/" + key);
        }
    }
}

/// I3: one row an object, under the one id that it may have.
void Checks::judge_records() {
    const Database& db = world_.database;
    std::set<RecordKey> seen;
    for (const RecordKey& key : db.notes.written) {
        if (!seen.insert(key).second) {
            report("I3", "one object was written twice in a page: " + key.provider_id);
        }
        const RecordRow* row = db.records.find(key);
        const domain::ports::EntityState* entity = db.entities.find(row->entity_id);
        const domain::ProviderSpace space{db.tenant, bank_of(key.stream.connection_id).name(),
                                          domain::ProviderEnvironment::sandbox};
        if (row->founds_entity &&
            (entity == nullptr || entity->anchor.provider_id != key.provider_id ||
             domain::entity_id(space, entity->anchor.kind, key.provider_id) != row->entity_id)) {
            report("I3", "an object has an id of somebody else: " + key.provider_id);
        }
    }
}

/// I13: removed only after a whole walk, and only what really was away during it.
void Checks::judge_removals(ProcessId process) {
    for (const RecordKey& key : world_.database.notes.removed) {
        const auto& [connection, stream] = key.stream;
        const std::string where = stream + "/" + key.provider_id;
        const WitnessedWalk* walk = world_.witness.find(process, connection, stream);
        if (walk == nullptr || !walk->whole) {
            return report("I13", "removed without a complete walk: " + where);
        }
        if (walk->keys.contains(key.provider_id)) {
            return report("I13", "removed though the walk saw it: " + where);
        }
        const Object* object = bank_of(connection).find(collection_of(stream), key.provider_id);
        if (object != nullptr && !object->was_absent(walk->started, world_.timeline.now())) {
            return report("I13", "removed though it was there all the time: " + where);
        }
    }
}

/// I10: no freshness that no fetch accounts for.
void Checks::judge_freshness() {
    const TransactionNotes& notes = world_.database.notes;
    if (!notes.finished_connection) {
        return;
    }
    for (const StreamState& state : notes.stream_states) {
        const auto accounted_for = [&](const std::optional<domain::Timestamp>& at) {
            return !at || world_.witness.fetch_at(*notes.finished_connection, state.stream, *at);
        };
        if (!accounted_for(state.fetched_at) || !accounted_for(state.verified_complete_at)) {
            return report("I10", state.stream + " is called fresher than its last fetch");
        }
        if (state.fetched_at && state.verdict != "complete" && state.verdict != "unproven") {
            return report("I10", state.stream + " is called fetched though its walk did not reach the end");
        }
        const auto proof = state.verified_complete_at
                               ? world_.witness.fetch_at(*notes.finished_connection, state.stream,
                                                         *state.verified_complete_at)
                               : std::nullopt;
        if (proof && !proof->whole) {
            return report("I10", state.stream + " is called complete without a complete walk");
        }
    }
}

std::optional<std::pair<std::size_t, bool>> Checks::somebody(const Uuid& profile) const {
    const domain::ports::EntityState* entity = world_.database.entities.find(profile);
    if (entity == nullptr || !entity->normalized) {
        return std::nullopt;
    }
    const Object* object =
        world_.truth.bank(entity->anchor.provider).find(Collection::profiles, entity->anchor.provider_id);
    return object == nullptr ? std::nullopt : std::optional(std::pair(object->person, object->company));
}

/// Nobody is ever merged with somebody else, not even for a moment.
void Checks::judge_customers() {
    std::map<Uuid, std::pair<std::size_t, bool>> who;
    for (const auto& [profile, customer] : world_.database.memberships.rows()) {
        const auto person = somebody(profile);
        if (!person) {
            continue;
        }
        const auto known = who.emplace(customer, *person).first;
        if (known->second != *person) {
            report("customers", "two people are one customer: " + to_text(customer));
        }
    }
}

void Checks::converged(Instant since) {
    for (const auto& [id, row] : world_.database.connections.rows()) {
        for (const auto& [stream, state] : row.streams) {
            const auto at = state.verified_complete_at
                                ? world_.witness.fetch_at(id, stream, *state.verified_complete_at)
                                : std::nullopt;
            if (!at || at->at < since) {
                report("I12", row.view.provider + "/" + stream +
                                  " is not fresh again: " + std::string(domain::name_of(row.view.status)) +
                                  ", " + state.verdict + " " + state.reason);
            }
        }
        if (row.streams.empty()) {
            report("I12", row.view.provider + " was never fetched");
        }
    }
    if (!violation_) {
        violation_ = compare_with_truth(world_);
    }
}

}  // namespace tributary::simulation
