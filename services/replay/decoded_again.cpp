#include "services/replay/decoded_again.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "domain/json/parse.hpp"
#include "domain/try.hpp"
#include "services/view/record.hpp"

namespace tributary::replay {

using domain::EntityKind;
using domain::Errc;
using domain::Result;
using domain::Uuid;
using domain::ports::AccessWrite;
using domain::ports::RecordWrite;
using domain::ports::StoredGrant;
using domain::ports::StoredVersion;

namespace {

using Pair = std::pair<Uuid, Uuid>;

/// The one profile that the version grants access to, where there is exactly one.
std::optional<std::string> only_profile(const StoredVersion& version) {
    std::set<std::string> profiles;
    for (const StoredGrant& grant : version.access) {
        if (!grant.profile) {
            return std::nullopt;
        }
        profiles.insert(*grant.profile);
    }
    return profiles.size() == 1 ? std::optional(*profiles.begin()) : std::nullopt;
}

/// A stored text as a tree; null where it is no JSON.
json::Value tree(const std::string& text) {
    Result<json::Parsed> parsed = json::parse(text);
    return parsed ? std::move(parsed->root) : json::Value();
}

void add_access_changes(const StoredVersion& version, const RecordWrite& record,
                        std::vector<FieldChange>& changes) {
    std::map<Pair, std::string> before;
    for (const StoredGrant& grant : version.access) {
        before.emplace(Pair{grant.profile_id, grant.target_id}, grant.grant);
    }
    for (const AccessWrite& grant : record.access) {
        const auto found = before.find({grant.profile_id, grant.target_id});
        if (found == before.end()) {
            changes.push_back({"access[]", FieldChangeKind::added});
            continue;
        }
        for (const FieldChange& change : field_changes(tree(found->second), tree(grant.grant))) {
            changes.push_back({"access[]." + change.path, change.kind});
        }
        before.erase(found);
    }
    if (!before.empty()) {
        changes.push_back({"access[]", FieldChangeKind::removed});
    }
}

std::vector<FieldChange> changes_of(const StoredVersion& version, const RecordWrite& record) {
    std::vector<FieldChange> changes;
    const bool present = !version.hash.empty();
    if (*version.normalized != record.normalized) {
        changes = field_changes(tree(*version.normalized), tree(record.normalized));
    }
    if (present && version.entity_id != record.entity_id) {
        changes.push_back({"entity", FieldChangeKind::changed});
    }
    if (present) {
        add_access_changes(version, record, changes);
    }
    const bool same = present ? version.hash == record.hash && version.entity_id == record.entity_id
                              : *version.normalized == record.normalized;
    if (changes.empty() && !same) {
        changes.push_back({"(encoding)", FieldChangeKind::changed});
    }
    std::ranges::sort(changes);
    const auto repeated = std::ranges::unique(changes);
    changes.erase(repeated.begin(), repeated.end());
    return changes;
}

}  // namespace

domain::SelfIds owner_of(const StoredVersion& version, domain::SelfIds known) {
    const bool named = !version.entity.provider_id.empty();
    if (named && version.entity.kind == EntityKind::account) {
        known.account = version.entity.provider_id;
    }
    if (named && version.entity.kind == EntityKind::profile) {
        known.profile = version.entity.provider_id;
    } else if (!version.access.empty()) {
        // The credentials may be another's by now: who owns them today says nothing of what was granted
        // before.
        known.profile = only_profile(version);
    }
    return known;
}

Result<DecodedAgain> decode_again(const DecodingContext& context, const StoredVersion& version) {
    const Result<json::Parsed> raw = json::parse(version.raw);
    if (!raw) {
        return domain::fail(Errc::contract, "The stored payload is no JSON.");
    }
    TRIBUTARY_TRY_LET(page,
                      context.provider.decode(context.stream, raw->root, owner_of(version, context.self)));
    if (!page.quarantined.empty()) {
        return domain::fail(Errc::contract, page.quarantined.front().reason);
    }
    if (page.observations.size() != 1) {
        return domain::fail(Errc::contract, "The stored payload is not one object.");
    }
    DecodedAgain again{std::move(page.observations.front()), {}, version.normalized.has_value()};
    if (again.observation.provider_id != version.provider_id) {
        return domain::fail(Errc::contract, "The object has another key than it was stored under.");
    }
    if (!again.observation.source_updated_at) {
        again.observation.source_updated_at = version.source_updated_at;
    }
    if (again.compared) {
        again.changes =
            changes_of(version, view::record_of(again.observation, context.space, version.fullness));
    }
    return again;
}

}  // namespace tributary::replay
