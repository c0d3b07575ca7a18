#include "services/refresh/plan.hpp"

#include <algorithm>
#include <set>

#include "domain/health.hpp"

namespace tributary::refresh {

namespace {

bool can_be_read_alone(const Want& want, const sync::Providers& providers) {
    const domain::ports::Provider* provider = providers.find(want.provider);
    if (!want.document || provider == nullptr) {
        return false;
    }
    const auto streams = provider->streams();
    const auto found = std::ranges::find(streams, want.source.stream, &domain::ports::StreamFacts::name);
    return found != streams.end() && found->has_single_read && found->single_read_is_whole;
}

}  // namespace

bool may_be_asked(std::string_view status) {
    using enum domain::ConnectionStatus;
    const auto named = domain::value_named<domain::ConnectionStatus>(status);
    return named == pending || named == active || named == degraded || named == held;
}

std::vector<Work> plan(std::span<const Want> wants, const sync::Providers& providers) {
    std::set<domain::Uuid> runs;
    for (const Want& want : wants) {
        if (!can_be_read_alone(want, providers)) {
            runs.insert(want.source.connection_id);
        }
    }
    std::set<Work> work;
    for (const Want& want : wants) {
        const domain::Uuid& connection = want.source.connection_id;
        if (runs.contains(connection)) {
            work.insert({connection, std::nullopt});
        } else {
            work.insert({connection, domain::ports::ObjectKey{*want.document, want.source}});
        }
    }
    return {work.begin(), work.end()};
}

}  // namespace tributary::refresh
