#include "services/replay/decoded_again.hpp"

#include <doctest/doctest.h>

using namespace tributary;
using domain::EntityKind;
using domain::ports::StoredGrant;
using domain::ports::StoredVersion;

namespace {

const domain::SelfIds known{"who the connection knows", "its account"};

StoredVersion version_of(EntityKind kind, const std::string& id) {
    StoredVersion version;
    version.entity = {kind, id};
    return version;
}

StoredGrant grant_of(std::optional<std::string> profile) {
    StoredGrant grant;
    grant.profile = std::move(profile);
    return grant;
}

}  // namespace

TEST_CASE("what hung off a profile or an account goes on hanging off it, whoever owns the credentials now") {
    const auto of_profile = replay::owner_of(version_of(EntityKind::profile, "p"), known);
    CHECK(of_profile.profile == "p");
    CHECK(of_profile.account == known.account);
    const auto of_account = replay::owner_of(version_of(EntityKind::account, "a"), known);
    CHECK(of_account.profile == known.profile);
    CHECK(of_account.account == "a");
}

TEST_CASE(
    "an account goes on belonging to the one profile that was granted access to it, or to nobody known") {
    StoredVersion account = version_of(EntityKind::account, "a");
    account.access = {grant_of("p"), grant_of("p")};
    CHECK(replay::owner_of(account, known).profile == "p");
    account.access.push_back(grant_of("q"));
    CHECK_FALSE(replay::owner_of(account, known).profile.has_value());
    account.access = {grant_of(std::nullopt)};
    CHECK_FALSE(replay::owner_of(account, known).profile.has_value());
}

TEST_CASE("of an entity that nobody described, the owner is whom the connection knows") {
    CHECK(replay::owner_of(StoredVersion{}, known) == known);
}
