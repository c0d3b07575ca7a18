// What an adapter hands over: one provider object as it was seen, decoded into the domain, with everything
// worth telling about how it differed from what we expected.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/account.hpp"
#include "domain/profile.hpp"

namespace tributary::domain {

/// One of a provider's entities by the provider's own id.
struct EntityRef {
    EntityKind kind = EntityKind::other;
    std::string provider_id;

    friend auto operator<=>(const EntityRef&, const EntityRef&) = default;
};

/// Says that a profile may do something with an account, sub-account or group.
struct AccessGrant {
    /// Provider id of the profile.
    std::string profile;
    EntityRef target;
    /// Absent where the provider only says that the profile belongs to the target.
    Field<EnumPair<AccessLevel>> level;
    Field<EnumPair<GroupRole>> role;
    /// The provider's own permissions in snake_case, e.g. {"can_trade": true}.
    json::Object permissions;

    friend bool operator==(const AccessGrant&, const AccessGrant&) = default;
};

using Normalized = std::variant<Profile, Account, SubAccount, AccountGroup>;

/// One provider object as seen in a page.
struct Observation {
    /// The object's key within its stream.
    std::string provider_id;
    /// The entity that this object describes, wholly or in part: T-DX preferences describe a profile.
    EntityRef entity;
    /// False for a satellite (preferences, an attribute), which alone does not make its entity exist.
    bool founds_entity = true;
    Normalized normalized;
    std::vector<AccessGrant> access;
    /// The object as the provider sent it.
    json::Value raw;
    /// The provider's own update time, where it has one.
    std::optional<Timestamp> source_updated_at;
};

enum class DriftKind {
    new_field,
    unknown_value,
    changed_type,
    missing_key,
    duplicate_key,
    unreadable_value,
    other
};

constexpr auto names_of(DriftKind) {
    using enum DriftKind;
    return std::to_array<EnumName<DriftKind>>({{new_field, "new_field"},
                                               {unknown_value, "unknown_value"},
                                               {changed_type, "changed_type"},
                                               {missing_key, "missing_key"},
                                               {duplicate_key, "duplicate_key"},
                                               {unreadable_value, "unreadable_value"},
                                               {other, "other"}});
}

/// A difference between what a provider sent and what we know of it. Never holds a value, except the text of
/// an enumeration that describes no person.
struct DriftNote {
    DriftKind kind = DriftKind::other;
    /// JSON path inside the object, array positions as `[]`, e.g. "users[].type".
    std::string path;
    /// The JSON type found, or the unknown enumeration text (of what describes a person: its type).
    std::string found;

    friend auto operator<=>(const DriftNote&, const DriftNote&) = default;
};

/// An object without its key: kept, counted, not stored as a record.
struct Quarantined {
    json::Value raw;
    /// Which key is missing or unusable.
    std::string reason;
};

/// Ids under which a provider knows the owner of the credentials, learned from its answers and kept with the
/// connection: tastytrade's `me`, T-DX's user and client account.
struct SelfIds {
    std::optional<std::string> profile;
    std::optional<std::string> account;

    friend bool operator==(const SelfIds&, const SelfIds&) = default;
};

/// One provider response of a stream, decoded.
struct Page {
    std::vector<Observation> observations;
    std::vector<Quarantined> quarantined;
    std::vector<DriftNote> drift;
    /// A key for every item of the answer in its order, unusable ones included (then any text that identifies
    /// the item's content), so that the walk can check overlap and count.
    std::vector<std::string> item_keys;
    /// Cursor streams: where to go on. Absent on the terminal page.
    std::optional<std::string> next_cursor;
    /// The answer leaves out what says whether more follows: this page is taken as the last one, and its walk
    /// proves nothing.
    bool end_unsaid = false;
    /// The provider's own count of the whole stream, where it gives one.
    std::optional<std::uint64_t> total;
    SelfIds self;
};

}  // namespace tributary::domain
