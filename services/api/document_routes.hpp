// The merged view over REST: finished documents, sent as stored with `freshness` appended.
#pragma once

#include "domain/ports/read_store.hpp"
#include "domain/ports/sealer.hpp"
#include "services/api/fresh_read.hpp"
#include "services/api/request_context.hpp"

namespace tributary::api {

class DocumentRoutes {
  public:
    /// What `fresh` borrows too outlives it.
    DocumentRoutes(domain::ports::ReadStore& store, const domain::ports::Sealer& sealer, FreshReads fresh);

    domain::ports::Task<domain::ports::HttpReply> object(RequestContext context, domain::EntityKind kind);
    domain::ports::Task<domain::ports::HttpReply> list(RequestContext context, domain::EntityKind kind);
    /// Objects of a kind that one customer has access to.
    domain::ports::Task<domain::ports::HttpReply> list_of_customer(RequestContext context,
                                                                   domain::EntityKind kind);
    /// The customer and everything it has access to, by concatenation.
    domain::ports::Task<domain::ports::HttpReply> overview(RequestContext context);

  private:
    domain::ports::Task<domain::ports::HttpReply> list_where(RequestContext context,
                                                             domain::ports::ListQuery query,
                                                             FreshnessDemand demand, AnswerSources sources);

    domain::ports::ReadStore& store_;
    const domain::ports::Sealer& sealer_;
    FreshReads fresh_;
};

}  // namespace tributary::api
