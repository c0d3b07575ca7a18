#include "tests/simulation/page_tables.hpp"

#include <algorithm>

#include "domain/content_hash.hpp"
#include "domain/document.hpp"
#include "domain/json/write.hpp"
#include "domain/try.hpp"

namespace tributary::simulation {

using namespace domain::ports;
using domain::Errc;
using domain::Result;
using domain::Timestamp;

namespace {

bool among(std::span<const domain::Uuid> ids, const domain::Uuid& id) {
    return std::ranges::find(ids, id) != ids.end();
}

std::vector<domain::Uuid> listed(const std::set<domain::Uuid>& ids) {
    return {ids.begin(), ids.end()};
}

}  // namespace

Result<void> require_lease(Database& database, const Lease& lease) {
    const DueRow* due = database.due.find(lease.connection_id);
    if (due == nullptr || due->fence != lease.fence || !due->lease_owner) {
        return domain::fail(Errc::stale_owner, "another owner took the connection over");
    }
    database.notes.checked = lease;
    return {};
}

PageTables::Many<RecordState> PageTables::records(const StreamRef& stream, std::span<const std::string> ids) {
    std::vector<RecordState> states;
    for (const std::string& id : std::set<std::string>(ids.begin(), ids.end())) {
        if (const RecordRow* row = db_.records.find({stream, id})) {
            states.push_back({id, row->entity_id, row->hash, row->source_updated_at, row->removed});
        }
    }
    return states;
}

PageTables::Many<RecordState> PageTables::lock_records(const StreamRef& stream,
                                                       std::span<const std::string> ids) {
    auto states = records(stream, ids);
    std::erase_if(*states, &RecordState::removed);
    return states;
}

PageTables::Many<std::string> PageTables::record_streams(const Uuid& connection_id) {
    std::set<std::string> streams;
    for (const auto& [key, row] : db_.records.rows()) {
        if (key.stream.connection_id == connection_id && !row.removed) {
            streams.insert(key.stream.stream);
        }
    }
    return std::vector<std::string>(streams.begin(), streams.end());
}

PageTables::Many<std::string> PageTables::live_record_ids(const StreamRef& stream, const std::string& after,
                                                          std::size_t limit) {
    std::vector<std::string> ids;
    const auto& rows = db_.records.rows();
    for (auto it = rows.upper_bound({stream, after});
         it != rows.end() && it->first.stream == stream && ids.size() < limit; ++it) {
        if (!it->second.removed) {
            ids.push_back(it->first.provider_id);
        }
    }
    return ids;
}

PageTables::Many<domain::Uuid> PageTables::write_records(const StreamRef& stream,
                                                         std::span<const RecordWrite> records) {
    std::set<Uuid> ends;
    for (const RecordWrite& write : records) {
        const RecordKey key{stream, write.provider_id};
        const RecordRow* before = db_.records.find(key);
        if (write.is_new && before != nullptr) {
            return domain::fail(Errc::conflict, "somebody else wrote a record that was new");
        }
        const bool same_payload = before != nullptr && !before->removed && before->raw == write.raw;
        const domain::Timestamp changed_at = same_payload ? before->changed_at : now_;
        db_.records.change(key) = {
            write.entity_id,  write.founds_entity,     write.fullness, write.hash, write.raw,
            write.normalized, write.source_updated_at, changed_at,     false};
        replace_access(key, write, ends);
        db_.notes.written.push_back(key);
    }
    return listed(ends);
}

void PageTables::replace_access(const RecordKey& key, const RecordWrite& record, std::set<Uuid>& ends) {
    std::map<AccessKey, AccessValue> wanted;
    for (const AccessWrite& access : record.access) {
        wanted[{key, access.profile_id, access.target_id}] = {access.target_kind, access.grant,
                                                              record.fullness};
    }
    std::vector<AccessKey> dropped;
    for (auto it = db_.access.rows().lower_bound({key, {}, {}});
         it != db_.access.rows().end() && it->first.record == key; ++it) {
        if (!wanted.contains(it->first)) {
            dropped.push_back(it->first);
        }
    }
    const auto touch = [&ends](const AccessKey& access) {
        ends.insert({access.profile_id, access.target_id});
    };
    for (const AccessKey& access : dropped) {
        db_.access.erase(access);
        touch(access);
    }
    for (const auto& [access, value] : wanted) {
        const AccessValue* present = db_.access.find(access);
        if (present == nullptr || *present != value) {
            db_.access.change(access) = value;
            touch(access);
        }
    }
}

void PageTables::drop_access(const RecordKey& key, std::set<Uuid>& ends) {
    replace_access(key, RecordWrite{}, ends);
}

PageTables::Many<domain::Uuid> PageTables::remove_records(const StreamRef& stream,
                                                          std::span<const std::string> ids) {
    std::set<Uuid> touched;
    for (const std::string& id : ids) {
        const RecordKey key{stream, id};
        const RecordRow* row = db_.records.find(key);
        if (row != nullptr && !row->removed) {
            touched.insert(row->entity_id);
            db_.records.change(key).removed = true;
            db_.notes.removed.push_back(key);
        }
        drop_access(key, touched);
    }
    return listed(touched);
}

PageTables::Many<domain::Uuid> PageTables::create_entities(std::span<const NewEntity> entities) {
    std::vector<Uuid> made;
    for (const NewEntity& entity : entities) {
        if (db_.entities.find(entity.anchor.id) == nullptr) {
            db_.entities.change(entity.anchor.id) = {entity.anchor, entity.normalized, entity.parent};
            made.push_back(entity.anchor.id);
        }
    }
    return made;
}

PageTables::Many<EntityState> PageTables::lock_entities(std::span<const EntityAnchor> anchors) {
    std::vector<Uuid> ids;
    for (const EntityAnchor& anchor : anchors) {
        if (db_.entities.find(anchor.id) == nullptr) {
            db_.entities.change(anchor.id) = {anchor, std::nullopt, std::nullopt};
        }
        ids.push_back(anchor.id);
    }
    return entities(ids);
}

PageTables::Many<EntityState> PageTables::lock_existing_entities(std::span<const Uuid> ids) {
    return entities(ids);
}

PageTables::Many<EntityState> PageTables::entities(std::span<const Uuid> ids) {
    std::vector<EntityState> states;
    for (const Uuid& id : std::set<Uuid>(ids.begin(), ids.end())) {
        if (const EntityState* state = db_.entities.find(id)) {
            states.push_back(*state);
        }
    }
    return states;
}

PageTables::Many<EntityState> PageTables::children(std::span<const Uuid> parents) {
    std::vector<EntityState> states;
    for (const auto& [id, state] : db_.entities.rows()) {
        if (state.parent && state.normalized && among(parents, *state.parent)) {
            states.push_back(state);
        }
    }
    return states;
}

PageTables::Many<EntitySource> PageTables::sources(std::span<const Uuid> entity_ids) {
    std::vector<EntitySource> rows;
    for (const auto& [key, row] : db_.records.rows()) {
        if (!row.removed && among(entity_ids, row.entity_id)) {
            rows.push_back({row.entity_id, key.stream.connection_id, key.stream.stream});
        }
    }
    return rows;
}

PageTables::Many<Contribution> PageTables::contributions(std::span<const Uuid> entity_ids) {
    std::vector<Contribution> rows;
    for (const auto& [key, row] : db_.records.rows()) {
        if (!row.removed && among(entity_ids, row.entity_id)) {
            rows.push_back({row.entity_id, key.stream.connection_id, key.stream.stream, key.provider_id,
                            row.founds_entity, row.fullness, row.normalized, row.source_updated_at,
                            row.changed_at});
        }
    }
    return rows;
}

Result<void> PageTables::write_entities(std::span<const EntityWrite> entities) {
    for (const EntityWrite& write : entities) {
        if (db_.entities.find(write.id) != nullptr) {
            EntityState& state = db_.entities.change(write.id);
            state.normalized = write.normalized;
            state.parent = write.parent;
        }
    }
    return {};
}

template <class Belongs>
PageTables::Many<AccessRow> PageTables::access_where(Belongs belongs) const {
    std::vector<AccessRow> rows;
    for (const auto& [key, value] : db_.access.rows()) {
        if (belongs(key)) {
            rows.push_back({key.profile_id, value.target_kind, key.target_id, value.grant, value.fullness,
                            key.record.stream.connection_id, key.record.stream.stream});
        }
    }
    return rows;
}

PageTables::Many<AccessRow> PageTables::access_of_profiles(std::span<const Uuid> profiles) {
    return access_where([profiles](const AccessKey& key) { return among(profiles, key.profile_id); });
}

PageTables::Many<AccessRow> PageTables::access_of_targets(std::span<const Uuid> targets) {
    return access_where([targets](const AccessKey& key) { return among(targets, key.target_id); });
}

PageTables::Many<DocumentState> PageTables::documents(std::span<const Uuid> ids) {
    std::vector<DocumentState> states;
    for (const Uuid& id : ids) {
        if (const DocumentRow* row = db_.documents.find(id)) {
            states.push_back(row->state);
        }
    }
    return states;
}

Result<Commit> PageTables::commit_documents(const CommitCause& cause,
                                            std::span<const DocumentWrite> documents) {
    if (cause.lease) {
        TRIBUTARY_TRY(require_lease(db_, *cause.lease));
    }
    Commit& head = db_.head.change(0);
    if (documents.empty()) {
        return head;
    }
    ++head.number;
    head.at = std::max(head.at, now_);
    for (const DocumentWrite& document : documents) {
        const DocumentRow* present = db_.documents.find(document.id);
        const bool as_read = document.before
                                 ? present != nullptr && present->state.version == document.before->version
                                 : present == nullptr;
        if (!as_read) {
            return domain::fail(Errc::conflict, "a document changed while this transaction was made");
        }
        write_document(document, head.at);
    }
    return head;
}

void PageTables::write_document(const DocumentWrite& document, Timestamp at) {
    DocumentRow& row = db_.documents.change(document.id);
    domain::DocumentStamp stamp{document.before ? document.before->version + 1 : 1,
                                document.before ? document.before->created_at : at, at};
    if (document.removed) {
        stamp.deleted_at = row.deleted_at.value_or(at);
    }
    row.deleted_at = stamp.deleted_at;
    row.state = {document.id,     document.kind,    domain::stamped(document.content, stamp),
                 stamp.version,   stamp.created_at, document.removed,
                 document.sources};
    db_.notes.documents.push_back(document.id);
}

Result<void> PageTables::check_fence(const Lease& lease) {
    return require_lease(db_, lease);
}

Result<void> PageTables::save_progress(const Uuid& run_id, const std::string& counts,
                                       const std::string& resume) {
    if (db_.runs.find(run_id) != nullptr) {
        RunRow& run = db_.runs.change(run_id);
        run.counts = counts;
        run.resume = resume;
    }
    db_.notes.progress_of = run_id;
    return {};
}

Result<void> PageTables::assign_self(const Uuid& connection_id, const domain::SelfIds& self) {
    if (db_.connections.find(connection_id) != nullptr) {
        domain::SelfIds& known = db_.connections.change(connection_id).view.self;
        known.profile = known.profile ? known.profile : self.profile;
        known.account = known.account ? known.account : self.account;
    }
    return {};
}

Result<void> PageTables::settle_events(const Uuid& /*connection_id*/,
                                       std::span<const domain::ports::EventOutcome> /*outcomes*/) {
    return domain::fail(domain::Errc::internal, "Webhooks are not simulated.");
}

Result<void> PageTables::quarantine(const StreamRef& stream, int /*fullness*/,
                                    std::span<const domain::Quarantined> objects) {
    for (const domain::Quarantined& object : objects) {
        db_.quarantined.change({stream, domain::content_hash(json::write(object.raw))}) = true;
    }
    return {};
}

PageTables::Many<std::string> PageTables::quarantined(const StreamRef& stream) {
    std::vector<std::string> hashes;
    for (const auto& [key, kept] : db_.quarantined.rows()) {
        if (key.stream == stream) {
            hashes.push_back(key.provider_id);
        }
    }
    return hashes;
}

Result<void> PageTables::release_quarantined(const StreamRef& stream, std::span<const std::string> hashes) {
    for (const std::string& hash : hashes) {
        db_.quarantined.erase({stream, hash});
    }
    return {};
}

Result<void> PageTables::hold_schedule(const Uuid& /*connection_id*/) {
    return domain::fail(Errc::internal, "This call is not simulated.");
}

Result<void> PageTables::settle_object_read(const domain::ports::ObjectRead& /*read*/) {
    return domain::fail(Errc::internal, "This call is not simulated.");
}

Result<bool> PageTables::settle_action(const domain::ports::ActionEnd& /*end*/) {
    return domain::fail(Errc::internal, "This call is not simulated.");
}

Result<void> PageTables::note_action_commit(const Uuid& /*action*/) {
    return domain::fail(Errc::internal, "This call is not simulated.");
}

}  // namespace tributary::simulation
