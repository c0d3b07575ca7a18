// The merged view over REST: finished documents, sent as stored with `freshness` appended.
#pragma once

#include <expected>

#include "domain/ports/read_store.hpp"
#include "domain/ports/sealer.hpp"
#include "services/api/fresh_read.hpp"
#include "services/api/request_context.hpp"
#include "services/cache/copies.hpp"
#include "services/sync/providers.hpp"

namespace tributary::api {

class DocumentRoutes {
  public:
    /// Store, sealer and providers are borrowed and outlive it.
    DocumentRoutes(domain::ports::ReadStore& store, const domain::ports::Sealer& sealer,
                   const sync::Providers& providers, FreshReads fresh, cache::Copies& copies);

    domain::ports::Task<domain::ports::HttpReply> object(RequestContext asked, domain::EntityKind kind);
    domain::ports::Task<domain::ports::HttpReply> list(RequestContext context, domain::EntityKind kind);
    /// Objects of a kind that one customer has access to.
    domain::ports::Task<domain::ports::HttpReply> list_of_customer(RequestContext asked,
                                                                   domain::EntityKind kind);
    /// One of them, by our id, or by its number or "provider:provider_id", which tells whether there is such
    /// a number and so takes the scope `personal` from who does not ask for `me`.
    domain::ports::Task<domain::ports::HttpReply> object_of_customer(RequestContext asked,
                                                                     domain::EntityKind kind);
    /// The customer and everything it has access to, by concatenation.
    domain::ports::Task<domain::ports::HttpReply> overview(RequestContext asked);

  private:
    struct Found {
        domain::ports::StoredDocument document;
        /// What was found is of this moment.
        domain::ports::Commit moment;
    };

    template <class T>
    using Answer = domain::ports::Task<std::expected<T, domain::ports::HttpReply>>;

    /// The object, or the answer where it is not there or went elsewhere.
    Answer<Found> find(const RequestContext& context, domain::ports::DocumentQuery query);
    Answer<domain::ports::OverviewRead> find_overview(const RequestContext& context, domain::Uuid customer);
    /// As the object is now, with no demand on its freshness.
    domain::ports::Task<domain::ports::HttpReply> send_present(RequestContext context,
                                                               domain::EntityKind kind, domain::Uuid id);
    domain::ports::Task<domain::ports::HttpReply> send(RequestContext context, domain::EntityKind kind,
                                                       domain::Uuid id, FreshnessDemand demand);
    domain::ports::Task<domain::ports::HttpReply> list_where(RequestContext context,
                                                             domain::ports::ListQuery query,
                                                             AnswerSources sources);
    /// Nothing is said, nor demanded, of how fresh the past is.
    domain::ports::Task<domain::Result<MetDemand>> meet(const RequestContext& context, FreshnessDemand demand,
                                                        AnswerSources answer);
    /// 304 where the reader has what was put together at this moment. Otherwise where to read: a page that is
    /// sent is of the moment that was compared.
    Answer<domain::ports::ReadAt> held_moment(const RequestContext& context, const domain::Uuid& whose,
                                              const MetDemand& met, domain::ports::ReadAt at);

    domain::ports::ReadStore& store_;
    const domain::ports::Sealer& sealer_;
    const sync::Providers& providers_;
    FreshReads fresh_;
    cache::Copies& copies_;
};

}  // namespace tributary::api
