#include "services/api/document_routes.hpp"

#include <set>
#include <utility>

#include "domain/document.hpp"
#include "domain/json/write.hpp"
#include "domain/try.hpp"
#include "services/api/freshness.hpp"
#include "services/api/list_parameters.hpp"
#include "services/api/list_reply.hpp"
#include "services/api/page_token.hpp"
#include "services/api/problem.hpp"

namespace tributary::api {

using domain::EntityKind;
using domain::Result;
using domain::Uuid;
using domain::ports::DocumentPage;
using domain::ports::Freshness;
using domain::ports::HttpReply;
using domain::ports::ListQuery;
using domain::ports::OverviewRead;
using domain::ports::StoredDocument;
using domain::ports::StreamRef;
using domain::ports::Task;

namespace {

HttpReply not_found() {
    return problem(404, "not_found", "There is no such object.");
}

/// A customer that was merged into another is found there, for ever.
HttpReply moved(const RequestContext& context, const Uuid& target) {
    HttpReply reply = problem(308, "merged", "This customer was merged into another one; see Location.");
    std::string location = context.path;
    const std::size_t at = location.find(context.id);
    if (at == std::string::npos) {
        location = "/v1/customers/" + to_text(target);  // the id was percent-encoded
    } else {
        location.replace(at, context.id.size(), to_text(target));
    }
    if (!context.raw_query.empty()) {
        location += "?" + context.raw_query;
    }
    reply.fields.add("Location", location);
    return reply;
}

/// One object: besides its freshness, which of its sources are in trouble, and whether it is older than
/// demanded.
std::string object_text(const StoredDocument& document, const MetDemand& met) {
    std::string text = document.body;
    if (met.stale) {
        text = domain::with_member(text, "stale", *met.stale ? "true" : "false");
    }
    text = domain::with_member(text, "partial",
                               json::write(missing_sources_of(document.sources, met.freshness)));
    return domain::with_member(text, "freshness", json::write(freshness_of(document.sources, met.freshness)));
}

std::string with_freshness(const StoredDocument& document, std::span<const Freshness> all) {
    return domain::with_member(document.body, "freshness", json::write(freshness_of(document.sources, all)));
}

std::string joined(std::span<const StoredDocument> documents, std::span<const Freshness> all) {
    std::string text = "[";
    for (const StoredDocument& document : documents) {
        text += (text.size() > 1 ? "," : "") + with_freshness(document, all);
    }
    return text + "]";
}

/// Of all the documents together, each source once.
std::vector<StreamRef> sources_of(std::initializer_list<std::span<const StoredDocument>> all) {
    std::set<StreamRef> sources;
    for (const std::span<const StoredDocument> documents : all) {
        for (const StoredDocument& document : documents) {
            sources.insert(document.sources.begin(), document.sources.end());
        }
    }
    return {sources.begin(), sources.end()};
}

std::vector<StreamRef> sources_of(const OverviewRead& read) {
    return sources_of({{&*read.customer.document, 1}, read.accounts, read.sub_accounts, read.account_groups});
}

std::string overview_text(const OverviewRead& read, const MetDemand& met) {
    const std::span<const Freshness> all = met.freshness;
    std::string text = R"({"customer":)" + with_freshness(*read.customer.document, all) + R"(,"accounts":)" +
                       joined(read.accounts, all) + R"(,"sub_accounts":)" + joined(read.sub_accounts, all) +
                       R"(,"account_groups":)" + joined(read.account_groups, all) + "}";
    text = domain::with_member(text, "partial", json::write(missing_sources(all)));
    if (met.stale) {
        text = domain::with_member(text, "stale", *met.stale ? "true" : "false");
    }
    return domain::with_member(text, "freshness", json::write(freshness_of(sources_of(read), all)));
}

/// What must not change while somebody walks a list.
std::string question_of(const RequestContext& context, const ListQuery& query) {
    return to_text(context.principal.tenant) + "\x1f" + context.path + "\x1f" +
           (query.include_removed ? "removed" : "");
}

Result<ListQuery> read_list_query(const RequestContext& context, ListQuery query,
                                  const domain::ports::Sealer& sealer) {
    TRIBUTARY_TRY_LET(size, page_size_of(context.query));
    query.limit = size;
    TRIBUTARY_TRY_LET(include_removed, flag_of(context.query, "include_deleted"));
    query.include_removed = include_removed;
    if (const std::string* token = context.query.find("page_token"); token != nullptr && !token->empty()) {
        TRIBUTARY_TRY_LET(position, read_page_token(sealer, question_of(context, query), *token));
        query.commit = position.commit;
        query.after = position.after;
    }
    return query;
}

}  // namespace

DocumentRoutes::DocumentRoutes(domain::ports::ReadStore& store, const domain::ports::Sealer& sealer,
                               FreshReads fresh)
    : store_(store), sealer_(sealer), fresh_(fresh) {}

Task<HttpReply> DocumentRoutes::object(RequestContext context, EntityKind kind) {
    const auto demand = fresh_.demand_of(context.query);
    if (!demand) {
        co_return invalid_request(demand.error());
    }
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return not_found();
    }
    MetDemand met;
    for (bool again = false;; again = true) {
        const auto read = co_await store_.document(context.principal.tenant, kind, *id);
        if (!read) {
            co_return problem_of(context.log, read.error());
        }
        if (read->redirect_to) {
            co_return moved(context, *read->redirect_to);
        }
        if (!read->document) {
            co_return not_found();
        }
        if (again) {
            co_return json_reply(object_text(*read->document, met));
        }
        AnswerSources sources{.sources = read->document->sources, .document = *id};
        auto answered = co_await fresh_.meet(context.principal.tenant, *demand, std::move(sources));
        if (!answered) {
            co_return problem_of(context.log, answered.error());
        }
        met = *std::move(answered);
        if (met.refused) {
            co_return stale_data();
        }
        if (!met.read_again) {
            co_return json_reply(object_text(*read->document, met));
        }
    }
}

Task<HttpReply> DocumentRoutes::list(RequestContext context, EntityKind kind) {
    auto demand = fresh_.demand_of(context.query);
    if (!demand) {
        co_return invalid_request(demand.error());
    }
    ListQuery query;
    query.kind = kind;
    co_return co_await list_where(std::move(context), query, *std::move(demand), {.kind = kind});
}

Task<HttpReply> DocumentRoutes::list_of_customer(RequestContext context, EntityKind kind) {
    auto demand = fresh_.demand_of(context.query);
    if (!demand) {
        co_return invalid_request(demand.error());
    }
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return not_found();
    }
    const auto customer = co_await store_.document(context.principal.tenant, EntityKind::customer, *id);
    if (!customer) {
        co_return problem_of(context.log, customer.error());
    }
    if (customer->redirect_to) {
        co_return moved(context, *customer->redirect_to);
    }
    if (!customer->document) {
        co_return not_found();
    }
    ListQuery query;
    query.kind = kind;
    query.customer = *id;
    co_return co_await list_where(std::move(context), query, *std::move(demand),
                                  {.sources = customer->document->sources});
}

Task<HttpReply> DocumentRoutes::list_where(RequestContext context, ListQuery query, FreshnessDemand demand,
                                           AnswerSources sources) {
    const auto full_query = read_list_query(context, query, sealer_);
    if (!full_query) {
        co_return problem_of(context.log, full_query.error());
    }
    sources.of_a_past_moment = full_query->commit.has_value();
    const auto met = co_await fresh_.meet(context.principal.tenant, demand, std::move(sources));
    if (!met) {
        co_return problem_of(context.log, met.error());
    }
    if (met->refused) {
        co_return stale_data();
    }
    // Read only now: whatever was brought up to date is in it.
    const Result<DocumentPage> page = co_await store_.list(context.principal.tenant, *full_query);
    if (!page) {
        co_return problem_of(context.log, page.error());
    }
    std::string token;
    if (page->more) {
        token = make_page_token(sealer_, question_of(context, *full_query),
                                {page->moment.number, page->documents.back().id});
    }
    co_return list_reply(
        {joined(page->documents, met->freshness), std::move(token), page->moment.at,
         missing_sources(met->freshness), met->stale,
         freshness_of(sources_of({page->documents}), met->freshness)},
        {context.path, full_query->limit, full_query->include_removed ? "&include_deleted=true" : ""});
}

Task<HttpReply> DocumentRoutes::overview(RequestContext context) {
    const auto demand = fresh_.demand_of(context.query);
    if (!demand) {
        co_return invalid_request(demand.error());
    }
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return not_found();
    }
    std::optional<MetDemand> met;
    for (;;) {
        const Result<OverviewRead> read = co_await store_.overview(context.principal.tenant, *id);
        if (!read) {
            co_return problem_of(context.log, read.error());
        }
        if (read->customer.redirect_to) {
            co_return moved(context, *read->customer.redirect_to);
        }
        if (!read->customer.document) {
            co_return not_found();
        }
        const bool again = met.has_value();
        if (!again) {
            auto answered = co_await fresh_.meet(context.principal.tenant, *demand, {sources_of(*read)});
            if (!answered) {
                co_return problem_of(context.log, answered.error());
            }
            met = *std::move(answered);
        }
        if (met->refused) {
            co_return stale_data();
        }
        if (again || !met->read_again) {
            co_return json_reply(overview_text(*read, *met));
        }
    }
}

}  // namespace tributary::api
