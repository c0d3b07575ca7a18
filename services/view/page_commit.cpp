#include "services/view/page_commit.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "domain/try.hpp"
#include "services/view/record.hpp"

namespace tributary::view {

using domain::EntityKind;
using domain::Observation;
using domain::Result;
using domain::ports::EntityAnchor;
using domain::ports::PageTransaction;
using domain::ports::RecordState;
using domain::ports::RecordWrite;

namespace {

EntityAnchor anchor_of(const domain::ProviderSpace& space, const domain::EntityRef& ref) {
    return {entity_id(space, ref), ref.kind, space.provider, space.environment, ref.provider_id};
}

/// The entity itself, what it grants access to, and the group that holds it: rows that must exist to be
/// locked.
void collect_anchors(const Observation& observation, const domain::ProviderSpace& space, Touched& touched) {
    touched.anchors.push_back(anchor_of(space, observation.entity));
    for (const domain::AccessGrant& grant : observation.access) {
        touched.anchors.push_back(anchor_of(space, grant.target));
    }
    if (const auto* account = std::get_if<domain::Account>(&observation.normalized);
        account != nullptr && account->account_group.has_value()) {
        touched.anchors.push_back(
            anchor_of(space, {EntityKind::account_group, account->account_group.value()}));
    }
}

/// Takes from the written records what saves reading them again.
void keep_written(std::vector<RecordWrite> writes, const domain::ports::StreamRef& stream, Touched& touched) {
    std::map<domain::Uuid, int> records_of;
    for (const RecordWrite& write : writes) {
        ++records_of[write.entity_id];
    }
    for (RecordWrite& write : writes) {
        for (domain::ports::AccessWrite& access : write.access) {
            touched.granted[access.target_id].push_back(
                {access.profile_id, access.target_kind, access.target_id, std::move(access.grant),
                 write.fullness, stream.connection_id, stream.stream});
        }
        if (write.is_new && records_of[write.entity_id] == 1) {
            touched.first_records[write.entity_id] = {write.entity_id,
                                                      stream.connection_id,
                                                      stream.stream,
                                                      write.provider_id,
                                                      write.founds_entity,
                                                      write.fullness,
                                                      std::move(write.normalized),
                                                      write.source_updated_at,
                                                      {}};
        }
    }
}

}  // namespace

bool is_outdated(const RecordState& stored, std::optional<domain::Timestamp> updated_at) {
    return updated_at && stored.source_updated_at && *updated_at < *stored.source_updated_at;
}

Result<PageCounts> commit_page(PageTransaction& transaction, const CommitScope& scope,
                               const domain::Page& page, const ViewRules& rules) {
    // A provider may repeat an object within a page; its last word counts.
    std::map<std::string, const Observation*> by_id;
    for (const Observation& observation : page.observations) {
        by_id[observation.provider_id] = &observation;
    }
    std::vector<std::string> ids;
    for (const auto& [id, observation] : by_id) {
        ids.push_back(id);
    }
    std::map<std::string, RecordState> stored;
    if (!ids.empty()) {
        TRIBUTARY_TRY_LET(states, transaction.records(scope.stream, ids));
        for (RecordState& state : states) {
            std::string id = state.provider_id;
            stored.emplace(std::move(id), std::move(state));
        }
    }
    PageCounts counts;
    Touched touched;
    std::vector<RecordWrite> writes;
    for (const auto& [id, observation] : by_id) {
        RecordWrite record = record_of(*observation, scope.space, scope.fullness);
        record.cause = scope.cause.kind;
        record.run_id = scope.cause.run_id;
        const auto state = stored.find(id);
        record.is_new = state == stored.end();
        const bool known = !record.is_new && !state->second.removed;
        if (known && state->second.hash == record.hash) {
            ++counts.unchanged;
            continue;
        }
        if (known && !scope.stored_payloads && is_outdated(state->second, record.source_updated_at)) {
            ++counts.stale;
            continue;
        }
        ++(known ? counts.changed : counts.created);
        collect_anchors(*observation, scope.space, touched);
        touched.recompose.push_back(record.entity_id);
        if (state != stored.end() && state->second.entity_id != record.entity_id) {
            touched.recompose.push_back(state->second.entity_id);
        }
        writes.push_back(std::move(record));
    }
    counts.quarantined = page.quarantined.size();
    if (!page.quarantined.empty()) {
        TRIBUTARY_TRY(transaction.quarantine(scope.stream, scope.fullness, page.quarantined));
    }
    if (page.self.profile || page.self.account) {
        TRIBUTARY_TRY(transaction.assign_self(scope.stream.connection_id, page.self));
    }
    if (writes.empty()) {
        if (scope.cause.lease) {
            TRIBUTARY_TRY(transaction.check_fence(*scope.cause.lease));
        }
        return counts;
    }
    TRIBUTARY_TRY_LET(ends, transaction.write_records(scope.stream, writes));
    touched.ids = std::move(ends);
    keep_written(std::move(writes), scope.stream, touched);
    TRIBUTARY_TRY_LET(documents, reconcile(transaction, scope.space.tenant, touched, scope.cause, rules));
    counts.documents = documents;
    return counts;
}

Result<PageCounts> commit_removal(PageTransaction& transaction, const CommitScope& scope,
                                  std::span<const std::string> provider_ids, const ViewRules& rules) {
    PageCounts counts;
    TRIBUTARY_TRY_LET(states, transaction.records(scope.stream, provider_ids));
    std::vector<std::string> live;
    Touched touched;
    for (const RecordState& state : states) {
        if (!state.removed) {
            live.push_back(state.provider_id);
            touched.recompose.push_back(state.entity_id);
        }
    }
    if (live.empty()) {
        return counts;
    }
    TRIBUTARY_TRY_LET(ids, transaction.remove_records(scope.stream, live));
    touched.ids = std::move(ids);
    counts.removed = live.size();
    TRIBUTARY_TRY_LET(documents, reconcile(transaction, scope.space.tenant, touched, scope.cause, rules));
    counts.documents = documents;
    return counts;
}

}  // namespace tributary::view
