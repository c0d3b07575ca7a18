// The merged view over REST: finished documents, sent as stored with `freshness` appended.
#pragma once

#include <expected>

#include "domain/ports/read_store.hpp"
#include "domain/ports/sealer.hpp"
#include "services/api/request_context.hpp"

namespace tributary::api {

class DocumentRoutes {
  public:
    /// Both are borrowed and outlive it.
    DocumentRoutes(domain::ports::ReadStore& store, const domain::ports::Sealer& sealer);

    domain::ports::Task<domain::ports::HttpReply> object(RequestContext context, domain::EntityKind kind);
    domain::ports::Task<domain::ports::HttpReply> list(RequestContext context, domain::EntityKind kind);
    /// Objects of a kind that one customer has access to.
    domain::ports::Task<domain::ports::HttpReply> list_of_customer(RequestContext context,
                                                                   domain::EntityKind kind);
    /// One of them, by its number, our id or "provider:provider_id".
    domain::ports::Task<domain::ports::HttpReply> object_of_customer(RequestContext context,
                                                                     domain::EntityKind kind);
    /// The customer and everything it has access to, by concatenation.
    domain::ports::Task<domain::ports::HttpReply> overview(RequestContext context);
    /// Up to 1000 objects by their ids, all or none.
    domain::ports::Task<domain::ports::HttpReply> batch(RequestContext context, domain::EntityKind kind);

  private:
    /// Puts the id of the customer that `me` means in its place.
    domain::ports::Task<std::expected<RequestContext, domain::ports::HttpReply>> resolved(
        RequestContext context);
    /// The same, and the customer is there; one that was merged is answered with where it went.
    domain::ports::Task<std::expected<RequestContext, domain::ports::HttpReply>> with_customer(
        RequestContext context);
    domain::ports::Task<domain::ports::HttpReply> send(RequestContext context, domain::EntityKind kind,
                                                       domain::Uuid id);
    domain::ports::Task<domain::ports::HttpReply> list_where(RequestContext context,
                                                             domain::ports::ListQuery query);

    domain::ports::ReadStore& store_;
    const domain::ports::Sealer& sealer_;
};

}  // namespace tributary::api
