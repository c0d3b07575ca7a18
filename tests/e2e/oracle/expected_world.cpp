#include "tests/e2e/oracle/expected_world.hpp"

#include "domain/ids.hpp"
#include "tests/e2e/system/tree.hpp"

namespace tributary::e2e {

using domain::EntityKind;

std::string Viewer::id_of(std::string_view provider, EntityKind kind, std::string_view provider_id) const {
    const domain::ProviderSpace space{tenant, std::string(provider), domain::ProviderEnvironment::sandbox};
    return to_text(domain::entity_id(space, kind, provider_id));
}

ExpectedProfile& ExpectedWorld::profile(const Viewer& viewer, const std::string& connection,
                                        std::string_view provider, const std::string& provider_id) {
    ExpectedProfile& found = profiles[viewer.id_of(provider, EntityKind::profile, provider_id)];
    found.provider = provider;
    found.provider_id = provider_id;
    found.connections.insert(connection);
    return found;
}

ExpectedTarget& ExpectedWorld::target(const Viewer& viewer, const std::string& connection, EntityKind kind,
                                      std::string_view provider, const std::string& provider_id) {
    ExpectedTarget& found = targets[viewer.id_of(provider, kind, provider_id)];
    found.kind = kind;
    found.provider = provider;
    found.provider_id = provider_id;
    found.connections.insert(connection);
    return found;
}

Facts& ExpectedWorld::grant(const Viewer& viewer, std::string_view provider, const std::string& profile_id,
                            EntityKind kind, const std::string& target_id) {
    const std::string target = viewer.id_of(provider, kind, target_id);
    kind_of[target] = kind;
    return access[{target, viewer.id_of(provider, EntityKind::profile, profile_id)}];
}

void complete(Facts& facts, Facts more) {
    facts.merge(more);
}

ExpectedWorld expect(const Viewer& viewer, const json::Value& population) {
    ExpectedWorld world;
    expect_tastytrade(world, viewer, *find(population, "tastytrade"));
    expect_tdx(world, viewer, *find(population, "tdx"));
    expect_upvest(world, viewer, *find(population, "upvest"));
    return world;
}

}  // namespace tributary::e2e
