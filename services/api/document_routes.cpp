#include "services/api/document_routes.hpp"

#include <utility>

#include "domain/json/write.hpp"
#include "services/api/batch_request.hpp"
#include "services/api/document_text.hpp"
#include "services/api/freshness.hpp"
#include "services/api/list_question.hpp"
#include "services/api/list_reply.hpp"
#include "services/api/merged_reply.hpp"
#include "services/api/problem.hpp"

namespace tributary::api {

using domain::EntityKind;
using domain::Result;
using domain::Uuid;
using domain::ports::DocumentPage;
using domain::ports::HttpReply;
using domain::ports::ListQuery;
using domain::ports::OverviewRead;
using domain::ports::StoredDocument;
using domain::ports::Task;

namespace {

HttpReply not_found() {
    return problem(404, "not_found", "There is no such object.");
}

HttpReply ambiguous(std::span<const Uuid> candidates) {
    std::vector<domain::Error> errors;
    for (const Uuid& id : candidates) {
        errors.push_back({domain::Errc::conflict, "It may be " + to_text(id) + ".", "/" + to_text(id)});
    }
    return problem(409, "ambiguous_number",
                   "Several objects have this number; ask for one of them by its id.", errors);
}

}  // namespace

DocumentRoutes::DocumentRoutes(domain::ports::ReadStore& store, const domain::ports::Sealer& sealer)
    : store_(store), sealer_(sealer) {}

Task<std::expected<RequestContext, HttpReply>> DocumentRoutes::resolved(RequestContext context) {
    if (context.id != "me") {
        co_return context;
    }
    if (!context.principal.customer) {
        co_return std::unexpected(problem(
            403, "no_customer", "'me' is for tokens that speak for a customer; this credential names none."));
    }
    const auto named = domain::parse_uuid(*context.principal.customer);
    if (!named) {
        co_return std::unexpected(not_found());
    }
    const auto customer = co_await store_.customer_named(context.principal.tenant, *named);
    if (!customer) {
        co_return std::unexpected(problem_of(context.log, customer.error()));
    }
    if (!*customer) {
        co_return std::unexpected(not_found());
    }
    context.id = to_text(**customer);
    co_return context;
}

Task<HttpReply> DocumentRoutes::object(RequestContext asked, EntityKind kind) {
    if (kind == EntityKind::customer) {
        auto context = co_await resolved(std::move(asked));
        if (!context) {
            co_return std::move(context).error();
        }
        asked = std::move(*context);
    }
    const auto id = domain::parse_uuid(asked.id);
    if (!id) {
        co_return not_found();
    }
    co_return co_await send(std::move(asked), kind, *id);
}

Task<HttpReply> DocumentRoutes::send(RequestContext context, EntityKind kind, Uuid id) {
    const Variant variant = variant_of(context.principal);
    const auto read =
        co_await store_.document(context.principal.tenant, {kind, id, known_versions(context.held, variant)});
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
    HttpReply reply =
        read->document->known ? not_modified() : json_reply(shown(*read->document, {*fresh, variant}));
    add_tag(reply, tag_of(read->document->version, variant));
    add_verified_at(reply, read->document->sources, *fresh);
    co_return reply;
}

Task<HttpReply> DocumentRoutes::list(RequestContext context, EntityKind kind) {
    ListQuery query;
    query.kind = kind;
    co_return co_await list_where(std::move(context), query);
}

Task<std::expected<RequestContext, HttpReply>> DocumentRoutes::with_customer(RequestContext asked) {
    auto context = co_await resolved(std::move(asked));
    if (!context) {
        co_return std::unexpected(std::move(context).error());
    }
    const auto id = domain::parse_uuid(context->id);
    if (!id) {
        co_return std::unexpected(not_found());
    }
    // Its body is of no use here.
    domain::ports::DocumentQuery query{EntityKind::customer, *id, {{}, true}};
    const auto customer = co_await store_.document(context->principal.tenant, std::move(query));
    if (!customer) {
        co_return std::unexpected(problem_of(context->log, customer.error()));
    }
    if (customer->redirect_to) {
        co_return std::unexpected(merged_reply(*context, *customer->redirect_to));
    }
    if (!customer->document) {
        co_return std::unexpected(not_found());
    }
    context->customer = *id;
    co_return context;
}

Task<HttpReply> DocumentRoutes::list_of_customer(RequestContext asked, EntityKind kind) {
    auto context = co_await with_customer(std::move(asked));
    if (!context) {
        co_return std::move(context).error();
    }
    ListQuery query;
    query.kind = kind;
    query.customer = context->customer;
    co_return co_await list_where(std::move(*context), query);
}

Task<HttpReply> DocumentRoutes::object_of_customer(RequestContext asked, EntityKind kind) {
    auto context = co_await with_customer(std::move(asked));
    if (!context) {
        co_return std::move(context).error();
    }
    domain::ports::TargetName name{context->customer, kind, context->number};
    const auto found = co_await store_.targets_named(context->principal.tenant, std::move(name));
    if (!found) {
        co_return problem_of(context->log, found.error());
    }
    if (found->empty()) {
        co_return not_found();
    }
    if (found->size() > 1) {
        co_return ambiguous(*found);
    }
    co_return co_await send(std::move(*context), kind, found->front());
}

Task<HttpReply> DocumentRoutes::list_where(RequestContext context, ListQuery query) {
    auto asked = read_list_query(context, query, sealer_);
    if (!asked) {
        co_return problem_of(context.log, asked.error());
    }
    const auto fresh = co_await store_.freshness(context.principal.tenant);
    if (!fresh) {
        co_return problem_of(context.log, fresh.error());
    }
    const json::Array missing = missing_sources(*fresh);
    const std::string partial = json::write(missing);
    const Variant variant = variant_of(context.principal);
    if (!context.held.tags.empty() || context.held.any) {
        const auto moment = co_await store_.moment(context.principal.tenant);
        if (!moment) {
            co_return problem_of(context.log, moment.error());
        }
        // The page that is sent otherwise is of the moment that was compared.
        asked->commit = asked->commit.value_or(moment->number);
        const std::string tag = tag_of({*asked->commit, {}}, partial, variant);
        if (is_held(context.held, tag)) {
            HttpReply reply = not_modified();
            add_tag(reply, tag);
            add_verified_at(reply, *fresh);
            co_return reply;
        }
    }
    const Result<DocumentPage> page = co_await store_.list(context.principal.tenant, *asked);
    if (!page) {
        co_return problem_of(context.log, page.error());
    }
    HttpReply reply = list_reply(
        {shown(page->documents, {*fresh, variant}), next_page_token(context, *asked, *page, sealer_),
         page->moment.at, missing, json::write(freshness_of(sources_of(page->documents), *fresh))},
        {context.path, asked->limit, kept_parameters(*asked)});
    add_tag(reply, tag_of(page->moment, partial, variant));
    add_verified_at(reply, *fresh);
    co_return reply;
}

Task<HttpReply> DocumentRoutes::overview(RequestContext asked) {
    auto context = co_await resolved(std::move(asked));
    if (!context) {
        co_return std::move(context).error();
    }
    const auto id = domain::parse_uuid(context->id);
    if (!id) {
        co_return not_found();
    }
    const auto fresh = co_await store_.freshness(context->principal.tenant);
    if (!fresh) {
        co_return problem_of(context->log, fresh.error());
    }
    const std::string partial = json::write(missing_sources(*fresh));
    const Variant variant = variant_of(context->principal);
    if (!context->held.tags.empty()) {
        const auto moment = co_await store_.moment(context->principal.tenant);
        if (!moment) {
            co_return problem_of(context->log, moment.error());
        }
        if (const std::string tag = tag_of(*moment, partial, variant); is_held(context->held, tag)) {
            HttpReply reply = not_modified();
            add_tag(reply, tag);
            add_verified_at(reply, *fresh);
            co_return reply;
        }
    }
    const Result<OverviewRead> read = co_await store_.overview(context->principal.tenant, *id);
    if (!read) {
        co_return problem_of(context->log, read.error());
    }
    if (read->customer.redirect_to) {
        co_return merged_reply(*context, *read->customer.redirect_to);
    }
    if (!read->customer.document) {
        co_return not_found();
    }
    HttpReply reply = json_reply(overview_text(*read, {*fresh, variant}, partial));
    add_tag(reply, tag_of(read->moment, partial, variant));
    add_verified_at(reply, *fresh);
    co_return reply;
}

Task<HttpReply> DocumentRoutes::batch(RequestContext context, EntityKind kind) {
    const auto ids = read_batch_request(context.body);
    if (!ids) {
        co_return invalid_request(ids.error());
    }
    const auto read = co_await store_.batch(context.principal.tenant, kind, *ids);
    if (!read) {
        co_return problem_of(context.log, read.error());
    }
    std::vector<StoredDocument> documents;
    std::vector<domain::Error> missing;
    for (std::size_t i = 0; i < read->documents.size(); ++i) {
        if (read->documents[i]) {
            documents.push_back(*read->documents[i]);
        } else {
            missing.push_back(
                {domain::Errc::not_found, "There is no such object.", "/ids/" + std::to_string(i)});
        }
    }
    if (!missing.empty()) {
        co_return problem(404, "not_found", "Some of these objects do not exist; none is sent.", missing);
    }
    const auto fresh = co_await store_.freshness(context.principal.tenant);
    if (!fresh) {
        co_return problem_of(context.log, fresh.error());
    }
    co_return json_reply(batch_text(documents, read->moment, {*fresh, variant_of(context.principal)}));
}

}  // namespace tributary::api
