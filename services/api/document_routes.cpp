#include "services/api/document_routes.hpp"

#include <set>
#include <utility>

#include "domain/document.hpp"
#include "domain/json/write.hpp"
#include "domain/try.hpp"
#include "services/api/freshness.hpp"
#include "services/api/list_parameters.hpp"
#include "services/api/list_reply.hpp"
#include "services/api/merged_reply.hpp"
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

DocumentRoutes::DocumentRoutes(domain::ports::ReadStore& store, const domain::ports::Sealer& sealer)
    : store_(store), sealer_(sealer) {}

Task<HttpReply> DocumentRoutes::object(RequestContext context, EntityKind kind) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return not_found();
    }
    const auto read = co_await store_.document(context.principal.tenant, kind, *id);
    if (!read) {
        co_return problem_of(context.log, read.error());
    }
    if (read->redirect_to) {
        co_return merged_reply(context, *read->redirect_to);
    }
    if (!read->document) {
        co_return not_found();
    }
    const auto fresh = co_await store_.freshness(context.principal.tenant);
    if (!fresh) {
        co_return problem_of(context.log, fresh.error());
    }
    co_return json_reply(with_freshness(*read->document, *fresh));
}

Task<HttpReply> DocumentRoutes::list(RequestContext context, EntityKind kind) {
    ListQuery query;
    query.kind = kind;
    co_return co_await list_where(std::move(context), query);
}

Task<HttpReply> DocumentRoutes::list_of_customer(RequestContext context, EntityKind kind) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return not_found();
    }
    const auto customer = co_await store_.document(context.principal.tenant, EntityKind::customer, *id);
    if (!customer) {
        co_return problem_of(context.log, customer.error());
    }
    if (customer->redirect_to) {
        co_return merged_reply(context, *customer->redirect_to);
    }
    if (!customer->document) {
        co_return not_found();
    }
    ListQuery query;
    query.kind = kind;
    query.customer = *id;
    co_return co_await list_where(std::move(context), query);
}

Task<HttpReply> DocumentRoutes::list_where(RequestContext context, ListQuery query) {
    const auto full_query = read_list_query(context, query, sealer_);
    if (!full_query) {
        co_return problem_of(context.log, full_query.error());
    }
    const Result<DocumentPage> page = co_await store_.list(context.principal.tenant, *full_query);
    if (!page) {
        co_return problem_of(context.log, page.error());
    }
    const auto fresh = co_await store_.freshness(context.principal.tenant);
    if (!fresh) {
        co_return problem_of(context.log, fresh.error());
    }
    std::string token;
    if (page->more) {
        token = make_page_token(sealer_, question_of(context, *full_query),
                                {page->moment.number, page->documents.back().id});
    }
    co_return list_reply(
        {joined(page->documents, *fresh), std::move(token), page->moment.at, missing_sources(*fresh)},
        {context.path, full_query->limit, full_query->include_removed ? "&include_deleted=true" : ""});
}

Task<HttpReply> DocumentRoutes::overview(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return not_found();
    }
    const Result<OverviewRead> read = co_await store_.overview(context.principal.tenant, *id);
    if (!read) {
        co_return problem_of(context.log, read.error());
    }
    if (read->customer.redirect_to) {
        co_return merged_reply(context, *read->customer.redirect_to);
    }
    if (!read->customer.document) {
        co_return not_found();
    }
    const auto fresh = co_await store_.freshness(context.principal.tenant);
    if (!fresh) {
        co_return problem_of(context.log, fresh.error());
    }
    std::set<StreamRef> sources(read->customer.document->sources.begin(),
                                read->customer.document->sources.end());
    for (const auto* documents : {&read->accounts, &read->sub_accounts, &read->account_groups}) {
        for (const StoredDocument& document : *documents) {
            sources.insert(document.sources.begin(), document.sources.end());
        }
    }
    const std::vector<StreamRef> all_sources(sources.begin(), sources.end());
    co_return json_reply(R"({"customer":)" + with_freshness(*read->customer.document, *fresh) +
                         R"(,"accounts":)" + joined(read->accounts, *fresh) + R"(,"sub_accounts":)" +
                         joined(read->sub_accounts, *fresh) + R"(,"account_groups":)" +
                         joined(read->account_groups, *fresh) + R"(,"freshness":)" +
                         json::write(freshness_of(all_sources, *fresh)) + R"(,"partial":)" +
                         json::write(missing_sources(*fresh)) + "}");
}

}  // namespace tributary::api
