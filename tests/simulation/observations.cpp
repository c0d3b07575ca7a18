#include "tests/simulation/observations.hpp"

#include <fmt/format.h>

namespace tributary::simulation {

using domain::EntityKind;

domain::Timestamp timestamp_of(Instant at) {
    using namespace std::chrono_literals;
    return domain::Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 3 / 1)) +
           std::chrono::duration_cast<std::chrono::microseconds>(at);
}

namespace {

/// One that nobody else has, by mistake or not: the digits of the key as a year.
domain::Date mistaken_date(const Object& object) {
    int digits = 0;
    for (const char c : object.key) {
        digits = c >= '0' && c <= '9' ? 10 * digits + (c - '0') : digits;
    }
    return {std::chrono::year(800 + digits), std::chrono::month(1), std::chrono::day(1)};
}

domain::Profile profile_of(const Truth& truth, const Bank& bank, const Object& object, bool full) {
    const Person& person = truth.person(object.person);
    domain::Profile profile;
    if (object.company) {
        profile.kind = domain::EnumPair<domain::ProfileKind>{domain::ProfileKind::entity};
        profile.legal_name = fmt::format("Company {}", object.person);
    } else {
        profile.kind = domain::EnumPair<domain::ProfileKind>{domain::ProfileKind::person};
        profile.first_name = person.first_name;
        profile.last_name = person.last_name;
        profile.birth_date = object.wrong_birth_date ? mistaken_date(object) : person.birth_date;
    }
    profile.email = person.email;
    profile.phone = person.phone;
    if (full) {
        profile.title = std::string("Owner");
    }
    profile.details.push_back({"version", object.version});
    if (bank.name() == "beta") {
        profile.source_updated_at = timestamp_of(object.changed_at);
    }
    return profile;
}

domain::Profile preferences_of(const Object& object) {
    domain::Profile profile;
    profile.preferences.id = object.key;
    profile.preferences.created_at = timestamp_of(Instant(std::chrono::seconds(object.version)));
    return profile;
}

domain::Account account_of(const Bank& bank, const Object& object) {
    domain::Account account;
    account.number = object.key;
    account.name = "Account " + object.key;
    if (!object.group.empty()) {
        account.account_group = object.group;
    }
    account.details.push_back({"version", object.version});
    if (bank.name() == "beta") {
        account.source_updated_at = timestamp_of(object.changed_at);
    }
    return account;
}

domain::AccountGroup group_of(const Object& object) {
    domain::AccountGroup group;
    group.type = domain::EnumPair<domain::AccountGroupType>{domain::AccountGroupType::personal};
    group.details.push_back({"version", object.version});
    group.source_updated_at = timestamp_of(object.changed_at);
    return group;
}

json::Value raw_of(const Object& object, const std::string& stream) {
    return json::Object{{"key", object.key},
                        {"stream", stream},
                        {"version", object.version},
                        {"wrong", object.wrong_birth_date}};
}

}  // namespace

domain::Observation observation_of(const Truth& truth, const Bank& bank, const Object& object,
                                   const std::string& stream) {
    domain::Observation seen;
    seen.provider_id = object.key;
    seen.entity = {object.kind, object.key};
    seen.raw = raw_of(object, stream);
    if (bank.name() == "beta") {
        seen.source_updated_at = timestamp_of(object.changed_at);
    }
    if (!object.profile.empty()) {
        seen.entity.provider_id = object.profile;
        seen.founds_entity = false;
        seen.normalized = preferences_of(object);
    } else if (object.kind == EntityKind::profile) {
        seen.normalized = profile_of(truth, bank, object, stream == "me");
    } else if (object.kind == EntityKind::account) {
        seen.normalized = account_of(bank, object);
    } else {
        seen.normalized = group_of(object);
    }
    for (const Holder& holder : object.holders) {
        domain::AccessGrant grant;
        grant.profile = holder.profile;
        grant.target = seen.entity;
        if (object.kind == EntityKind::account_group) {
            grant.role = domain::EnumPair<domain::GroupRole>{domain::GroupRole::owner};
        } else {
            grant.level = domain::EnumPair<domain::AccessLevel>{holder.level};
        }
        seen.access.push_back(std::move(grant));
    }
    return seen;
}

}  // namespace tributary::simulation
