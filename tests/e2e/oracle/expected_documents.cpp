#include "tests/e2e/oracle/expected_documents.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "domain/time.hpp"
#include "tests/e2e/system/tree.hpp"

namespace tributary::e2e {

using domain::EntityKind;

namespace {

bool has_value(const Fact& fact) {
    return !fact.value.is_null() && (fact.value.if_array() == nullptr || !fact.value.if_array()->empty());
}

/// An instant of the profile's own, "" where the provider gives none: such a profile counts as oldest.
std::string updated_at(const ExpectedProfile& profile) {
    const auto found = profile.login.find("details.source_updated_at");
    return found == profile.login.end() || found->second.value.if_string() == nullptr
               ? std::string()
               : *found->second.value.if_string();
}

struct Member {
    std::string id;
    const ExpectedProfile* profile;
};

/// Newest first, then the lower id.
void sort_by_age(std::vector<Member>& members) {
    std::ranges::sort(members, [](const Member& a, const Member& b) {
        const std::string of_a = updated_at(*a.profile);
        const std::string of_b = updated_at(*b.profile);
        if (of_a.empty() || of_b.empty()) {
            return of_a.empty() == of_b.empty() ? a.id < b.id : of_b.empty();
        }
        const auto at_a = domain::parse_timestamp(of_a);
        const auto at_b = domain::parse_timestamp(of_b);
        return at_a != at_b ? at_a > at_b : a.id < b.id;
    });
}

/// Each member from the newest profile that has a value for it; null where nobody has one and somebody says
/// null.
Facts merged(const std::vector<Member>& members) {
    Facts result;
    for (const Member& member : members) {
        for (const auto& [path, fact] : member.profile->person) {
            const auto [place, is_new] = result.try_emplace(path, fact);
            if (!is_new && !has_value(place->second) && has_value(fact)) place->second = fact;
        }
    }
    return result;
}

void put_origin(json::Object& out, const std::string& id, const std::string& provider,
                const std::string& provider_id) {
    out.push_back({"id", id});
    out.push_back({"provider", provider});
    out.push_back({"environment", "sandbox"});
    out.push_back({"provider_id", provider_id});
}

json::Object profile_entry(const Member& member) {
    json::Object entry;
    put_origin(entry, member.id, member.profile->provider, member.profile->provider_id);
    json::Array connections;
    for (const std::string& connection : member.profile->connections) {
        connections.emplace_back(connection);
    }
    entry.push_back({"connection_ids", std::move(connections)});
    write_facts(entry, member.profile->login);
    return entry;
}

class Documentation {
  public:
    Documentation(const ExpectedWorld& world, const CustomerOfProfile& customer_of)
        : world_(world), customer_of_(customer_of) {
        for (const auto& [pair, grant] : world.access) {
            by_target_[pair.first].emplace_back(pair.second, &grant);
            by_profile_[pair.second].emplace_back(pair.first, &grant);
        }
        for (const auto& [id, target] : world.targets) {
            const auto group = target.facts.find("account_group_id");
            if (group != target.facts.end()) accounts_of_[*group->second.value.if_string()].push_back(id);
        }
    }

    Documents customers() const {
        std::map<std::string, std::vector<Member>> clusters;
        for (const auto& [id, profile] : world_.profiles) {
            const auto customer = customer_of_.find(id);
            clusters[customer == customer_of_.end() ? "missing customer of " + id : customer->second]
                .push_back({id, &profile});
        }
        Documents documents;
        for (auto& [id, members] : clusters) {
            documents[id] = customer(id, members);
        }
        return documents;
    }

    Documents targets(EntityKind kind) const {
        Documents documents;
        for (const auto& [id, target] : world_.targets) {
            if (target.kind == kind) documents[id] = document(id, target);
        }
        return documents;
    }

  private:
    json::Object customer(const std::string& id, std::vector<Member>& members) const {
        json::Object out{{"id", id}};
        sort_by_age(members);
        write_facts(out, merged(members));
        if (const std::string newest = updated_at(*members.front().profile); !newest.empty()) {
            out.push_back({"source_updated_at", newest});
        }
        json::Array profiles;
        json::Array access;
        std::ranges::sort(members, {}, &Member::id);
        for (const Member& member : members) {
            profiles.emplace_back(profile_entry(member));
            const auto grants = by_profile_.find(member.id);
            if (grants == by_profile_.end()) continue;
            for (const auto& [target, grant] : grants->second) {
                json::Object entry{
                    {"kind", name_of(world_.kind_of.at(target))}, {"id", target}, {"via", member.id}};
                write_facts(entry, *grant);
                access.emplace_back(std::move(entry));
            }
        }
        out.push_back({"profiles", std::move(profiles)});
        out.push_back({"access", std::move(access)});
        return out;
    }

    json::Object document(const std::string& id, const ExpectedTarget& target) const {
        json::Object out;
        put_origin(out, id, target.provider, target.provider_id);
        write_facts(out, target.facts);
        json::Array entries;
        if (const auto grants = by_target_.find(id); grants != by_target_.end()) {
            for (const auto& [profile, grant] : grants->second) {
                entries.emplace_back(access_entry(profile, *grant, target.kind));
            }
        }
        if (target.kind == EntityKind::account_group) {
            out.push_back({"users", std::move(entries)});
            json::Array accounts;
            if (const auto found = accounts_of_.find(id); found != accounts_of_.end()) {
                for (const std::string& account : found->second) {
                    accounts.emplace_back(account);
                }
            }
            out.push_back({"account_ids", std::move(accounts)});
        } else {
            out.push_back({"access", std::move(entries)});
        }
        return out;
    }

    json::Object access_entry(const std::string& profile, const Facts& grant, EntityKind kind) const {
        json::Object entry{{"profile_id", profile}};
        const auto customer = customer_of_.find(profile);
        if (customer != customer_of_.end()) entry.push_back({"customer_id", customer->second});
        if (kind != EntityKind::account_group) {
            write_facts(entry, grant);
        } else if (const auto role = grant.find("role"); role != grant.end()) {
            write_facts(entry, {{"type", role->second}});
        }
        return entry;
    }

    const ExpectedWorld& world_;
    const CustomerOfProfile& customer_of_;
    std::map<std::string, std::vector<std::pair<std::string, const Facts*>>> by_target_;
    std::map<std::string, std::vector<std::pair<std::string, const Facts*>>> by_profile_;
    std::map<std::string, std::vector<std::string>> accounts_of_;
};

}  // namespace

ExpectedDocuments expected_documents(const ExpectedWorld& world, const CustomerOfProfile& customer_of) {
    const Documentation all(world, customer_of);
    return {all.customers(), all.targets(EntityKind::account), all.targets(EntityKind::sub_account),
            all.targets(EntityKind::account_group)};
}

}  // namespace tributary::e2e
