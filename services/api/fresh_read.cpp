#include "services/api/fresh_read.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "services/api/freshness.hpp"
#include "services/api/problem.hpp"

namespace tributary::api {

using domain::EntityKind;
using domain::Result;
using domain::Timestamp;
using domain::ports::Freshness;
using domain::ports::Task;

namespace {

/// A run that was under way already may have read a source before the reader came; the next one did not.
constexpr int most_refreshes = 3;

/// Whether a connection of this provider can have objects of this kind. Customers are made of profiles.
bool feeds(const sync::Providers& providers, const std::string& provider, EntityKind kind) {
    const domain::ports::Provider* known = providers.find(provider);
    if (known == nullptr || known->streams().empty()) {
        return true;
    }
    const EntityKind wanted = kind == EntityKind::customer ? EntityKind::profile : kind;
    return std::ranges::any_of(
        known->streams(), [wanted](const domain::ports::StreamFacts& facts) { return facts.kind == wanted; });
}

/// The provider of which everything is that a list's filters leave; absent where they leave all sources,
/// empty where they leave none. An object may come from several connections, but all are of one provider.
/// Only a customer is merged over providers: whichever it is found by, all that it is made of counts.
std::optional<std::string> only_provider(std::span<const Freshness> all, const AnswerSources& answer) {
    if (answer.kind == EntityKind::customer) {
        return std::nullopt;
    }
    if (!answer.connection) {
        return answer.provider;
    }
    const auto known = std::ranges::find(all, *answer.connection,
                                         [](const Freshness& stream) { return stream.source.connection_id; });
    const bool some = known != all.end() && (!answer.provider || *answer.provider == known->provider);
    return some ? known->provider : std::string();
}

std::optional<std::vector<Freshness>> narrowed(std::span<const Freshness> all, const AnswerSources& answer) {
    const std::optional<std::string> provider = only_provider(all, answer);
    if (!provider) {
        return std::nullopt;
    }
    std::vector<Freshness> left;
    std::ranges::copy_if(all, std::back_inserter(left),
                         [&provider](const Freshness& stream) { return stream.provider == *provider; });
    return left;
}

}  // namespace

std::vector<Freshness> sources_older_than(Timestamp not_before, const AnswerSources& answer,
                                          std::span<const Freshness> all, const sync::Providers& providers) {
    const std::optional<std::string> provider = only_provider(all, answer);
    std::vector<Freshness> too_old;
    if (answer.kind) {
        std::ranges::copy_if(all, std::back_inserter(too_old), [&](const Freshness& stream) {
            return feeds(providers, stream.provider, *answer.kind);
        });
    } else {
        too_old = known_of(answer.sources, all);
    }
    std::erase_if(too_old, [&provider, not_before](const Freshness& stream) {
        const bool asked_for = !provider || stream.provider == *provider;
        const bool fresh = stream.fetched_at && *stream.fetched_at >= not_before;
        return !asked_for || fresh || stream.verdict == "denied";
    });
    return too_old;
}

std::vector<refresh::Want> wants_of(std::span<const Freshness> too_old, const AnswerSources& answer) {
    std::vector<refresh::Want> wants;
    for (const Freshness& stream : too_old) {
        // A run leaves a paused stream alone until somebody resumes it.
        if (refresh::may_be_asked(stream.status) && stream.verdict != "paused") {
            wants.push_back({stream.provider, stream.source, answer.document});
        }
    }
    return wants;
}

domain::ports::HttpReply stale_data() {
    return problem(503, "stale_data",
                   "The data are older than max_age, and fresh ones did not come in time.");
}

std::expected<FreshnessDemand, std::vector<domain::Error>> FreshReads::demand_of(
    const http::Query& query) const {
    const auto until = clock_.steady_now();
    auto parameters = freshness_parameters_of(query);
    if (!parameters) {
        return std::unexpected(std::move(parameters).error());
    }
    return FreshnessDemand{*parameters, clock_.now(), until + parameters->wait};
}

Task<Result<MetDemand>> FreshReads::meet(domain::Uuid tenant, FreshnessDemand demand,
                                         AnswerSources answer) const {
    MetDemand met;
    for (int refreshes = 0;; ++refreshes) {
        auto all = answer.document ? reads_.freshness_of(tenant, *answer.document) : reads_.freshness(tenant);
        Result<std::vector<Freshness>> fresh = co_await std::move(all);
        if (!fresh) {
            co_return std::unexpected(std::move(fresh).error());
        }
        met.freshness = *std::move(fresh);
        met.narrowed = narrowed(met.freshness, answer);
        if (!demand.parameters.max_age || answer.of_a_past_moment) {
            co_return met;
        }
        const Timestamp not_before = demand.arrived - *demand.parameters.max_age;
        const auto too_old = sources_older_than(not_before, answer, met.freshness, providers_);
        met.stale = !too_old.empty();
        met.read_again = true;
        met.refused = *met.stale && demand.parameters.fail_when_stale;
        std::vector<refresh::Want> wants = wants_of(too_old, answer);
        const bool in_time = refreshes == 0 || clock_.steady_now() < demand.until;
        if (wants.empty() || refreshes == most_refreshes || !in_time) {
            co_return met;
        }
        const std::size_t landed =
            co_await refresher_.refresh({tenant, std::move(wants), not_before, demand.until});
        if (landed == 0) {
            co_return met;
        }
    }
}

}  // namespace tributary::api
