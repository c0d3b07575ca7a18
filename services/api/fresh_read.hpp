// Meets what a caller demands of the freshness of an answer, before it is made.
#pragma once

#include <expected>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/ports/clock.hpp"
#include "domain/ports/read_store.hpp"
#include "services/api/freshness_parameters.hpp"
#include "services/refresh/demand.hpp"

namespace tributary::api {

/// What a request demands, from the moment it came.
struct FreshnessDemand {
    FreshnessParameters parameters;
    domain::Timestamp arrived;
    std::chrono::steady_clock::time_point until;
};

/// The sources that an answer is made of.
struct AnswerSources {
    /// Of what was read: an object, an overview, a customer's list.
    std::vector<domain::ports::StreamRef> sources = {};
    /// Set for one object, which may be read by itself.
    std::optional<domain::Uuid> document = std::nullopt;
    /// Set for a plain list: whatever connection may have objects of this kind.
    std::optional<domain::EntityKind> kind = std::nullopt;
    /// The filters of a list. They leave the sources of one provider, and of customers, who are merged over
    /// providers, all.
    std::optional<domain::Uuid> connection = std::nullopt;
    std::optional<std::string> provider = std::nullopt;
    /// A later page of a walk shows the moment of the first: nobody is asked for it, and nothing is said of
    /// whether it is stale.
    bool of_a_past_moment = false;
};

/// What is told about an answer's freshness.
struct MetDemand {
    std::vector<domain::ports::Freshness> freshness;
    /// Of what the list's filters leave of it; absent where they leave all.
    std::optional<std::vector<domain::ports::Freshness>> narrowed = std::nullopt;
    /// Set where something was demanded: whether it could not be met.
    std::optional<bool> stale;
    /// What was read before may be older than this freshness: read it again. Only where something was
    /// demanded.
    bool read_again = false;
    /// The caller wants no stale answer: send stale_data().
    bool refused = false;

    /// The sources of which a list may be missing something.
    [[nodiscard]] std::span<const domain::ports::Freshness> in_question() const {
        return narrowed ? *narrowed : freshness;
    }
};

/// Those of an answer's sources that were last fetched before `not_before`, or never. What the provider does
/// not give to a connection (verdict `denied`) is no source. Pure.
std::vector<domain::ports::Freshness> sources_older_than(domain::Timestamp not_before,
                                                         const AnswerSources& answer,
                                                         std::span<const domain::ports::Freshness> all,
                                                         const sync::Providers& providers);
/// What may be done about them: not where a person has to act first. Pure.
std::vector<refresh::Want> wants_of(std::span<const domain::ports::Freshness> too_old,
                                    const AnswerSources& answer);
/// 503: the answer would be older than demanded.
domain::ports::HttpReply stale_data();

class FreshReads {
  public:
    /// All are borrowed and outlive it.
    FreshReads(domain::ports::ReadStore& reads, refresh::Refreshing& refresher,
               const domain::ports::Clock& clock, const sync::Providers& providers)
        : reads_(reads), refresher_(refresher), clock_(clock), providers_(providers) {}

    /// First of all: the reader's time runs from here. Every fault with its pointer.
    [[nodiscard]] std::expected<FreshnessDemand, std::vector<domain::Error>> demand_of(
        const http::Query& query) const;
    /// Reads the freshness, and where it is less than demanded has the sources brought up to date until the
    /// reader's time is up.
    domain::ports::Task<domain::Result<MetDemand>> meet(domain::Uuid tenant, FreshnessDemand demand,
                                                        AnswerSources answer) const;

  private:
    domain::ports::ReadStore& reads_;
    refresh::Refreshing& refresher_;
    const domain::ports::Clock& clock_;
    const sync::Providers& providers_;
};

}  // namespace tributary::api
