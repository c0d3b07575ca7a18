#include "services/view/page_commit.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "domain/content_hash.hpp"
#include "domain/json/write.hpp"
#include "domain/try.hpp"
#include "services/view/entity_text.hpp"
#include "services/view/grant.hpp"

namespace tributary::view {

using domain::EntityKind;
using domain::Observation;
using domain::Result;
using domain::ports::AccessWrite;
using domain::ports::EntityAnchor;
using domain::ports::PageTransaction;
using domain::ports::RecordState;
using domain::ports::RecordWrite;

namespace {

RecordWrite record_of(const Observation& observation, const CommitScope& scope) {
    RecordWrite record;
    record.provider_id = observation.provider_id;
    record.entity_id = entity_id(scope.space, observation.entity);
    record.founds_entity = observation.founds_entity;
    record.fullness = scope.fullness;
    record.raw = json::write(observation.raw);
    record.normalized = normalized_text(observation.normalized);
    record.source_updated_at = observation.source_updated_at;
    std::string hashed = record.raw + '\x1e' + record.normalized;
    for (const domain::AccessGrant& grant : observation.access) {
        AccessWrite write{entity_id(scope.space, EntityKind::profile, grant.profile), grant.target.kind,
                          entity_id(scope.space, grant.target), grant_text(grant)};
        const auto same_pair = [&](const AccessWrite& other) {
            return other.profile_id == write.profile_id && other.target_id == write.target_id;
        };
        if (std::ranges::none_of(record.access, same_pair)) {
            hashed += '\x1e' + to_text(write.profile_id) + to_text(write.target_id) + write.grant;
            record.access.push_back(std::move(write));
        }
    }
    record.hash = domain::content_hash(hashed);
    return record;
}

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

}  // namespace

std::string record_hash(const Observation& observation, const CommitScope& scope) {
    return record_of(observation, scope).hash;
}

bool is_outdated(const RecordState& stored, std::optional<domain::Timestamp> updated_at) {
    return updated_at && stored.source_updated_at && *updated_at < *stored.source_updated_at;
}

Result<PageCounts> commit_page(PageTransaction& transaction, const CommitScope& scope,
                               const domain::Page& page, const IdentifierHash& hash) {
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
        RecordWrite record = record_of(*observation, scope);
        const auto state = stored.find(id);
        const bool known = state != stored.end() && !state->second.removed;
        if (known && state->second.hash == record.hash) {
            ++counts.unchanged;
            continue;
        }
        if (known && is_outdated(state->second, record.source_updated_at)) {
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
        TRIBUTARY_TRY(transaction.quarantine(scope.stream, page.quarantined));
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
    TRIBUTARY_TRY_LET(documents, reconcile(transaction, scope.space.tenant, touched, scope.cause, hash));
    counts.documents = documents;
    return counts;
}

Result<PageCounts> commit_removal(PageTransaction& transaction, const CommitScope& scope,
                                  std::span<const std::string> provider_ids, const IdentifierHash& hash) {
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
    TRIBUTARY_TRY_LET(documents, reconcile(transaction, scope.space.tenant, touched, scope.cause, hash));
    counts.documents = documents;
    return counts;
}

}  // namespace tributary::view
