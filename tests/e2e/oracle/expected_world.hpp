// Everything that the connections can see, as it must stand in our documents before profiles are merged into
// customers.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "domain/json/value.hpp"
#include "domain/kinds.hpp"
#include "domain/uuid.hpp"
#include "tests/e2e/oracle/facts.hpp"
#include "tests/e2e/oracle/source.hpp"

namespace tributary::e2e {

/// Where the ids come from: our tenant, and the ids of its connections by name. Only these connections see.
struct Viewer {
    domain::Uuid tenant;
    std::map<std::string, std::string> connections;

    /// Our id of one of the providers' objects.
    [[nodiscard]] std::string id_of(std::string_view provider, domain::EntityKind kind,
                                    std::string_view provider_id) const;
};

struct ExpectedProfile {
    std::string provider;
    std::string provider_id;
    /// Ids of the connections that see it.
    std::set<std::string> connections;
    /// What belongs to the person, to be merged into the customer.
    Facts person;
    /// What stands in the customer's entry of this profile.
    Facts login;
};

struct ExpectedTarget {
    domain::EntityKind kind = domain::EntityKind::other;
    std::string provider;
    std::string provider_id;
    std::set<std::string> connections;
    Facts facts;
};

struct ExpectedWorld {
    /// All by our ids.
    std::map<std::string, ExpectedProfile> profiles;
    std::map<std::string, ExpectedTarget> targets;
    /// Level, role and permissions by target and profile. A profile may be one that no connection sees.
    std::map<std::pair<std::string, std::string>, Facts> access;
    /// The kind of every target in `access`, seen or not.
    std::map<std::string, domain::EntityKind> kind_of;
    Tally tally;

    /// Finds or makes; the connection sees it from now on.
    ExpectedProfile& profile(const Viewer& viewer, const std::string& connection, std::string_view provider,
                             const std::string& provider_id);
    ExpectedTarget& target(const Viewer& viewer, const std::string& connection, domain::EntityKind kind,
                           std::string_view provider, const std::string& provider_id);
    /// What a profile may do with a target; ids are the provider's.
    Facts& grant(const Viewer& viewer, std::string_view provider, const std::string& profile_id,
                 domain::EntityKind kind, const std::string& target_id);
};

/// One provider each, from its part of the population.
void expect_tastytrade(ExpectedWorld& world, const Viewer& viewer, const json::Value& views);
void expect_tdx(ExpectedWorld& world, const Viewer& viewer, const json::Value& views);
void expect_upvest(ExpectedWorld& world, const Viewer& viewer, const json::Value& views);

/// All three.
ExpectedWorld expect(const Viewer& viewer, const json::Value& population);

/// Adds what `more` says and `facts` does not.
void complete(Facts& facts, Facts more);

}  // namespace tributary::e2e
