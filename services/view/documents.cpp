#include "services/view/documents.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "domain/facet.hpp"
#include "domain/ids.hpp"
#include "domain/json/codec.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/slices.hpp"
#include "domain/json/write.hpp"
#include "services/view/entity_text.hpp"
#include "services/view/merge.hpp"

namespace tributary::view {

using domain::EntityKind;
using domain::Uuid;
using domain::ports::AccessRow;
using domain::ports::EntityAnchor;
using domain::ports::EntityState;

namespace {

void put(json::Object& out, std::string_view key, json::Value value) {
    out.push_back({std::string(key), std::move(value)});
}

void put_anchor(json::Object& out, const EntityAnchor& anchor) {
    put(out, "id", to_text(anchor.id));
    put(out, "provider", anchor.provider);
    put(out, "environment", name_of(anchor.environment));
    put(out, "provider_id", anchor.provider_id);
}

/// Where the provider said it.
template <class E>
void add_facet(std::set<std::string>& facets, std::string_view name,
               const domain::Field<domain::EnumPair<E>>& pair) {
    if (pair.has_value()) {
        facets.insert(domain::facet(name, name_of(pair.value().value)));
    }
}

/// A JSON object, written member by member.
class ObjectText {
  public:
    /// `value` is JSON text.
    void add(std::string_view key, std::string_view value) {
        text_ += text_.empty() ? '{' : ',';
        text_.append("\"").append(key).append("\":").append(value);
    }

    void add(std::string_view key, const Uuid& id) { add(key, '"' + to_text(id) + '"'); }

    void add(const json::Object& members) {
        for (const json::Entry& entry : members) {
            text_ += text_.empty() ? '{' : ',';
            json::write_string(text_, entry.key);
            text_ += ':';
            json::write_to(text_, entry.value);
        }
    }

    std::string take() { return text_.empty() ? "{}" : std::move(text_) + '}'; }

  private:
    std::string text_;
};

/// A JSON array, the same way.
class ArrayText {
  public:
    void add(std::string_view value) {
        text_ += text_.empty() ? '[' : ',';
        text_ += value;
    }

    std::string take() { return text_.empty() ? "[]" : std::move(text_) + ']'; }

  private:
    std::string text_;
};

/// The grant's members, appended to an entry of an access list, each under its own name unless it is to have
/// another.
struct GrantMember {
    std::string_view name;
    std::string_view shown_as;
};

void put_grant(ObjectText& out, const std::string& grant, std::span<const GrantMember> wanted) {
    std::string again;
    auto members = json::members_of(grant);
    if (!members) {
        again = json::write(json::parse(grant)->root);
        members = json::members_of(again);
    }
    for (const GrantMember& member : wanted) {
        const auto found = std::ranges::find(*members, member.name, &json::Slice::key);
        if (found != members->end()) out.add(member.shown_as, found->value);
    }
}

constexpr std::array<GrantMember, 5> access_members{{{"level", "level"},
                                                     {"provider_level", "provider_level"},
                                                     {"role", "role"},
                                                     {"provider_role", "provider_role"},
                                                     {"permissions", "permissions"}}};
constexpr std::array<GrantMember, 2> user_members{{{"role", "type"}, {"provider_role", "provider_type"}}};

/// One row for each profile and target: several connections may say the same, the fullest shape wins, then
/// the lower connection id.
std::vector<const AccessRow*> distinct(std::span<const AccessRow> rows) {
    std::vector<const AccessRow*> sorted;
    for (const AccessRow& row : rows) {
        sorted.push_back(&row);
    }
    const auto pair_of = [](const AccessRow* row) {
        return std::tuple(row->target_kind, row->target_id, row->profile_id);
    };
    // A row that states a level says more than one that states mere membership.
    const auto rank = [&](const AccessRow* row) {
        return std::tuple(pair_of(row), row->grant.find("\"level\"") == std::string::npos, row->fullness,
                          row->connection_id, std::string_view(row->grant));
    };
    std::ranges::sort(sorted, [&](const AccessRow* a, const AccessRow* b) { return rank(a) < rank(b); });
    const auto repeated = std::ranges::unique(sorted, {}, pair_of);
    sorted.erase(repeated.begin(), repeated.end());
    return sorted;
}

json::Object profile_entry(const MemberProfile& member) {
    json::Object entry;
    put_anchor(entry, member.anchor);
    json::Array connections;
    for (const Uuid& id : member.connection_ids) {
        connections.emplace_back(to_text(id));
    }
    put(entry, "connection_ids", std::move(connections));
    const domain::Profile& profile = member.profile;
    json::append_member(entry, "status", profile.status);
    json::append_member(entry, "preferences", profile.preferences);
    json::append_member(entry, "attributes", profile.attributes);
    json::Object details = profile.details;
    json::append_member(details, "type", profile.type);
    json::append_member(details, "username", profile.username);
    json::append_member(details, "source_created_at", profile.source_created_at);
    json::append_member(details, "source_updated_at", profile.source_updated_at);
    json::append_member(entry, "details", details);
    return entry;
}

/// The members of a profile that belong to the person rather than to the login.
json::Object person_members(const domain::Profile& merged) {
    json::Object person;
    domain::for_each_member(merged, [&](std::string_view name, const auto& member) {
        if (std::ranges::find(domain::merged_fields(), name) != domain::merged_fields().end()) {
            json::append_member(person, name, member);
        }
    });
    return person;
}

std::string access_of_customer(std::span<const AccessRow> access) {
    ArrayText entries;
    for (const AccessRow* row : distinct(access)) {
        ObjectText entry;
        entry.add(json::Object{{"kind", name_of(row->target_kind)}});
        entry.add("id", row->target_id);
        put_grant(entry, row->grant, access_members);
        entry.add("via", row->profile_id);
        entries.add(entry.take());
    }
    return entries.take();
}

}  // namespace

Content customer_content(const Uuid& id, std::vector<MemberProfile> members,
                         std::span<const AccessRow> access, const domain::Precedence& precedence) {
    Content made;
    const domain::Profile merged = merged_profile(members, precedence);
    std::optional<domain::Timestamp> updated_at;
    for (const MemberProfile& member : members) {
        made.facets.insert(domain::facet("provider", member.anchor.provider));
        add_facet(made.facets, "status", member.profile.status);
        if (const auto& at = member.profile.source_updated_at; at.has_value()) {
            updated_at = std::max(updated_at.value_or(at.value()), at.value());
        }
    }
    json::Object content;
    put(content, "id", to_text(id));
    for (json::Entry& entry : person_members(merged)) {
        content.push_back(std::move(entry));
    }
    std::ranges::sort(members, {}, [](const MemberProfile& member) { return member.anchor.id; });
    json::Array profiles;
    for (const MemberProfile& member : members) {
        profiles.emplace_back(profile_entry(member));
    }
    put(content, "profiles", std::move(profiles));
    ObjectText text;
    text.add(content);
    text.add("access", access_of_customer(access));
    if (updated_at) {
        text.add("source_updated_at", '"' + domain::to_text(*updated_at) + '"');
    }
    add_facet(made.facets, "type", merged.kind);
    made.text = text.take();
    return made;
}

namespace {

std::string access_entries(const TargetContext& context) {
    ArrayText entries;
    for (const AccessRow* row : distinct(context.access)) {
        ObjectText entry;
        const auto customer = context.customer_of.find(row->profile_id);
        if (customer != context.customer_of.end()) {
            entry.add("customer_id", customer->second);
        }
        entry.add("profile_id", row->profile_id);
        put_grant(entry, row->grant, access_members);
        entries.add(entry.take());
    }
    return entries.take();
}

/// A group names its users with their part in it, not with a level of access.
std::string group_users(const TargetContext& context) {
    ArrayText users;
    for (const AccessRow* row : distinct(context.access)) {
        ObjectText user;
        user.add("profile_id", row->profile_id);
        const auto customer = context.customer_of.find(row->profile_id);
        if (customer != context.customer_of.end()) {
            user.add("customer_id", customer->second);
        }
        put_grant(user, row->grant, user_members);
        users.add(user.take());
    }
    return users.take();
}

domain::ProviderSpace space_of(const EntityAnchor& anchor, const Uuid& tenant) {
    return {tenant, anchor.provider, anchor.environment};
}

json::Object times(json::Object details, const domain::Field<domain::Timestamp>& created_at,
                   const domain::Field<domain::Timestamp>& updated_at) {
    json::Object content;
    json::append_member(details, "source_created_at", created_at);
    json::append_member(content, "details", details);
    json::append_member(content, "source_updated_at", updated_at);
    return content;
}

std::string account_content(const EntityState& entity, const TargetContext& context,
                            std::set<std::string>& facets) {
    const domain::Account account = read_account(*entity.normalized);
    add_facet(facets, "type", account.type);
    add_facet(facets, "status", account.status);
    json::Object content;
    put_anchor(content, entity.anchor);
    json::append_member(content, "number", account.number);
    json::append_member(content, "name", account.name);
    json::append_member(content, "type", account.type);
    json::append_member(content, "status", account.status);
    json::append_member(content, "opened_at", account.opened_at);
    json::append_member(content, "closed_at", account.closed_at);
    if (account.account_group.has_value()) {
        put(content, "account_group_id",
            to_text(domain::entity_id(space_of(entity.anchor, context.tenant), EntityKind::account_group,
                                      account.account_group.value())));
    }
    json::Object details = account.details;
    json::append_member(details, "attributes", account.attributes);
    ObjectText text;
    text.add(content);
    text.add("access", access_entries(context));
    text.add(times(std::move(details), account.source_created_at, account.source_updated_at));
    return text.take();
}

std::string sub_account_content(const EntityState& entity, const TargetContext& context,
                                std::set<std::string>& facets) {
    const domain::SubAccount sub_account = read_sub_account(*entity.normalized);
    add_facet(facets, "type", sub_account.type);
    json::Object content;
    put_anchor(content, entity.anchor);
    if (sub_account.account.has_value()) {
        put(content, "account_id",
            to_text(domain::entity_id(space_of(entity.anchor, context.tenant), EntityKind::account,
                                      sub_account.account.value())));
    }
    json::append_member(content, "name", sub_account.name);
    json::append_member(content, "type", sub_account.type);
    json::append_member(content, "venue", sub_account.venue);
    json::append_member(content, "pairs", sub_account.pairs);
    ObjectText text;
    text.add(content);
    text.add("access", access_entries(context));
    text.add(times(sub_account.details, sub_account.source_created_at, sub_account.source_updated_at));
    return text.take();
}

std::string account_group_content(const EntityState& entity, const TargetContext& context,
                                  std::set<std::string>& facets) {
    const domain::AccountGroup group = read_account_group(*entity.normalized);
    add_facet(facets, "type", group.type);
    add_facet(facets, "status", group.status);
    json::Object content;
    put_anchor(content, entity.anchor);
    json::append_member(content, "type", group.type);
    json::append_member(content, "status", group.status);
    ObjectText text;
    text.add(content);
    text.add("users", group_users(context));
    json::Object more;
    json::append_member(more, "securities_account_number", group.securities_account_number);
    json::Array accounts;
    for (const Uuid& account : context.children) {
        accounts.emplace_back(to_text(account));
    }
    put(more, "account_ids", std::move(accounts));
    text.add(more);
    text.add(times(group.details, group.source_created_at, group.source_updated_at));
    return text.take();
}

}  // namespace

Content target_content(const EntityState& entity, const TargetContext& context) {
    const auto content_of = [&](std::set<std::string>& facets) {
        switch (entity.anchor.kind) {
            case EntityKind::account:
                return account_content(entity, context, facets);
            case EntityKind::sub_account:
                return sub_account_content(entity, context, facets);
            default:
                return account_group_content(entity, context, facets);
        }
    };
    Content made;
    made.facets.insert(domain::facet("provider", entity.anchor.provider));
    made.text = content_of(made.facets);
    return made;
}

Content link_content(const Uuid& id, const domain::ports::Link& link) {
    json::Object content;
    put(content, "id", to_text(id));
    put(content, "profile_ids", json::Array{json::Value(to_text(link.low)), json::Value(to_text(link.high))});
    put(content, "state", domain::name_of(link.state));
    put(content, "rule", link.rule);
    const auto evidence = json::parse(link.evidence);
    put(content, "evidence", evidence ? evidence->root : json::Value(json::Array()));
    put(content, "by", link.by_operator ? link.decided_by.value_or("operator") : std::string("rule"));
    if (link.reason) {
        put(content, "reason", *link.reason);
    }
    return {json::write(content), {domain::facet("status", domain::name_of(link.state))}};
}

}  // namespace tributary::view
