#include "services/api/document_routes.hpp"

#include <utility>

#include "domain/json/write.hpp"
#include "services/api/batch_request.hpp"
#include "services/api/document_text.hpp"
#include "services/api/freshness.hpp"
#include "services/api/list_parameters.hpp"
#include "services/api/list_question.hpp"
#include "services/api/list_reply.hpp"
#include "services/api/me.hpp"
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

HttpReply ambiguous(std::span<const Uuid> candidates) {
    std::vector<domain::Error> errors;
    for (const Uuid& id : candidates) {
        errors.push_back({domain::Errc::conflict, "It may be " + to_text(id) + ".", "/" + to_text(id)});
    }
    return problem(409, "ambiguous_number",
                   "Several objects have this number; ask for one of them by its id.", errors);
}

/// What the object's version does not change with: such an answer takes a body and has no tag, for a 304
/// would keep it, or hide it, when it is over.
bool told_in_body(const StoredDocument& document, const MetDemand& met) {
    return met.stale == true || !missing_sources_of(document.sources, met.freshness).empty();
}

}  // namespace

DocumentRoutes::DocumentRoutes(domain::ports::ReadStore& store, const domain::ports::Sealer& sealer,
                               const sync::Providers& providers, FreshReads fresh)
    : store_(store), sealer_(sealer), providers_(providers), fresh_(fresh) {}

DocumentRoutes::Answer<StoredDocument> DocumentRoutes::find(const RequestContext& context,
                                                            domain::ports::DocumentQuery query) {
    const auto read = co_await store_.document(context.principal.tenant, std::move(query));
    if (!read) {
        co_return std::unexpected(problem_of(context.log, read.error()));
    }
    if (read->redirect_to) {
        co_return std::unexpected(merged_reply(context, *read->redirect_to));
    }
    if (!read->document) {
        co_return std::unexpected(no_such_object());
    }
    co_return *read->document;
}

Task<HttpReply> DocumentRoutes::object(RequestContext asked, EntityKind kind) {
    const auto demand = fresh_.demand_of(asked.query);
    if (!demand) {
        co_return invalid_request(demand.error());
    }
    if (kind == EntityKind::customer) {
        auto context = co_await me_resolved(store_, std::move(asked));
        if (!context) {
            co_return std::move(context).error();
        }
        asked = std::move(*context);
    }
    const auto id = domain::parse_uuid(asked.id);
    if (!id) {
        co_return no_such_object();
    }
    co_return co_await send(std::move(asked), kind, *id, *demand);
}

Task<HttpReply> DocumentRoutes::send(RequestContext context, EntityKind kind, Uuid id,
                                     FreshnessDemand demand) {
    const Variant variant = variant_of(context.principal);
    domain::ports::DocumentQuery query{kind, id, known_versions(context.held, id, variant)};
    auto document = co_await find(context, query);
    if (!document) {
        co_return std::move(document).error();
    }
    AnswerSources sources{.sources = document->sources, .document = id};
    const auto met = co_await fresh_.meet(context.principal.tenant, demand, std::move(sources));
    if (!met) {
        co_return problem_of(context.log, met.error());
    }
    if (met->refused) {
        co_return stale_data();
    }
    if (met->read_again) {
        document = co_await find(context, query);
        if (!document) {
            co_return std::move(document).error();
        }
    }
    const bool tells = told_in_body(*document, *met);
    if (tells && document->known) {
        query.known = {};
        document = co_await find(context, query);
        if (!document) {
            co_return std::move(document).error();
        }
    }
    HttpReply reply = document->known
                          ? not_modified()
                          : json_reply(object_text(*document, {met->freshness, variant, met->stale}));
    if (!tells) {
        add_tag(reply, tag_of(id, document->version, variant));
    }
    add_verified_at(reply, document->sources, met->freshness);
    co_return reply;
}

Task<HttpReply> DocumentRoutes::list(RequestContext context, EntityKind kind) {
    ListQuery query;
    query.kind = kind;
    co_return co_await list_where(std::move(context), query, {.kind = kind});
}

Task<HttpReply> DocumentRoutes::list_of_customer(RequestContext asked, EntityKind kind) {
    auto context = co_await me_resolved(store_, std::move(asked));
    if (!context) {
        co_return std::move(context).error();
    }
    const auto id = domain::parse_uuid(context->id);
    if (!id) {
        co_return no_such_object();
    }
    // Its body is of no use here. A walk goes on with the customer it began with, also one that was merged
    // since.
    const auto customer = co_await find(*context, {EntityKind::customer, *id, {{}, true}});
    const std::string* token = context->query.find("page_token");
    const bool goes_on = token != nullptr && !token->empty();
    if (!customer && (!goes_on || customer.error().status != 308)) {
        co_return customer.error();
    }
    ListQuery query;
    query.kind = kind;
    query.customer = *id;
    AnswerSources sources;
    if (customer) {
        sources.sources = customer->sources;
    }
    co_return co_await list_where(std::move(*context), query, std::move(sources));
}

Task<HttpReply> DocumentRoutes::object_of_customer(RequestContext asked, EntityKind kind) {
    const bool says_number = asked.id != "me" && !domain::parse_uuid(asked.number);
    if (says_number && variant_of(asked.principal) == Variant::masked) {
        co_return problem(403, "missing_scope",
                          "Looking something up by its number takes the scope 'personal'; ask by its id.");
    }
    const auto demand = fresh_.demand_of(asked.query);
    if (!demand) {
        co_return invalid_request(demand.error());
    }
    auto context = co_await me_resolved(store_, std::move(asked));
    if (!context) {
        co_return std::move(context).error();
    }
    const auto id = domain::parse_uuid(context->id);
    if (!id) {
        co_return no_such_object();
    }
    const auto customer = co_await find(*context, {EntityKind::customer, *id, {{}, true}});
    if (!customer) {
        co_return customer.error();
    }
    domain::ports::TargetName name{*id, kind, context->number};
    const auto found = co_await store_.targets_named(context->principal.tenant, std::move(name));
    if (!found) {
        co_return problem_of(context->log, found.error());
    }
    if (found->empty()) {
        // It may have been merged since it was looked at.
        const auto still = co_await find(*context, {EntityKind::customer, *id, {{}, true}});
        co_return still ? no_such_object() : still.error();
    }
    if (found->size() > 1) {
        co_return ambiguous(*found);
    }
    co_return co_await send(std::move(*context), kind, found->front(), *demand);
}

DocumentRoutes::Answer<std::optional<std::int64_t>> DocumentRoutes::held_moment(
    const RequestContext& context, const Uuid& whose, const MetDemand& met,
    std::optional<std::int64_t> commit) {
    // Who demanded better is told, which takes a body.
    if ((context.held.tags.empty() && !context.held.any) || met.stale == true) {
        co_return commit;
    }
    if (!commit) {
        const auto now = co_await store_.moment(context.principal.tenant);
        if (!now) {
            co_return std::unexpected(problem_of(context.log, now.error()));
        }
        commit = now->number;
    }
    const std::string partial = json::write(missing_sources(met.in_question()));
    const std::string tag = tag_of({*commit, {}}, whose, partial, variant_of(context.principal));
    if (!is_held(context.held, tag)) {
        co_return commit;
    }
    HttpReply reply = not_modified();
    add_tag(reply, tag);
    add_verified_at(reply, met.in_question());
    co_return std::unexpected(std::move(reply));
}

Task<HttpReply> DocumentRoutes::list_where(RequestContext context, ListQuery query, AnswerSources sources) {
    const auto demand = fresh_.demand_of(context.query);
    auto asked = read_list_query(context, query, sealer_, providers_.names());
    if (!demand || !asked) {
        auto faults = asked ? std::vector<domain::Error>() : std::move(asked).error();
        if (!demand) {
            faults.insert(faults.end(), demand.error().begin(), demand.error().end());
        }
        co_return invalid_request(faults);
    }
    sources.of_a_past_moment = asked->commit.has_value();
    if (const std::string* provider = context.query.find("provider")) {
        sources.provider = *provider;
    }
    if (const auto connection = connection_parameter(context.query)) {
        sources.connection = *connection;
    }
    const auto met = co_await fresh_.meet(context.principal.tenant, *demand, std::move(sources));
    if (!met) {
        co_return problem_of(context.log, met.error());
    }
    if (met->refused) {
        co_return stale_data();
    }
    const Uuid whose = asked->customer.value_or(context.principal.tenant);
    // A page that is sent is of the moment that was compared.
    const auto commit = co_await held_moment(context, whose, *met, asked->commit);
    if (!commit) {
        co_return commit.error();
    }
    asked->commit = *commit;
    const Result<DocumentPage> page = co_await store_.list(context.principal.tenant, *asked);
    if (!page) {
        co_return problem_of(context.log, page.error());
    }
    if (page->documents.empty() && asked->customer && !asked->after) {
        // It may have been merged since it was looked at, and then has nothing.
        const auto still = co_await find(context, {EntityKind::customer, *asked->customer, {{}, true}});
        if (!still) {
            co_return still.error();
        }
    }
    const Variant variant = variant_of(context.principal);
    const json::Array missing = missing_sources(met->in_question());
    HttpReply reply = list_reply(
        {shown(page->documents, {met->freshness, variant}), next_page_token(context, *asked, *page, sealer_),
         page->moment.at, missing, met->stale, freshness_of(sources_of(page->documents), met->freshness)},
        {context.path, asked->limit, kept_parameters(*asked)});
    if (met->stale != true) {
        add_tag(reply, tag_of(page->moment, whose, json::write(missing), variant));
    }
    add_verified_at(reply, met->in_question());
    co_return reply;
}

DocumentRoutes::Answer<OverviewRead> DocumentRoutes::find_overview(const RequestContext& context,
                                                                   Uuid customer) {
    Result<OverviewRead> read = co_await store_.overview(context.principal.tenant, customer);
    if (!read) {
        co_return std::unexpected(problem_of(context.log, read.error()));
    }
    if (read->customer.redirect_to) {
        co_return std::unexpected(merged_reply(context, *read->customer.redirect_to));
    }
    if (!read->customer.document) {
        co_return std::unexpected(no_such_object());
    }
    co_return std::move(*read);
}

Task<HttpReply> DocumentRoutes::overview(RequestContext asked) {
    const auto demand = fresh_.demand_of(asked.query);
    if (!demand) {
        co_return invalid_request(demand.error());
    }
    auto context = co_await me_resolved(store_, std::move(asked));
    if (!context) {
        co_return std::move(context).error();
    }
    const auto id = domain::parse_uuid(context->id);
    if (!id) {
        co_return no_such_object();
    }
    if (!demand->parameters.max_age && (context->held.any || !context->held.tags.empty())) {
        // What was sent at this moment still holds: nothing of it is read, but whose it is.
        const auto customer = co_await find(*context, {EntityKind::customer, *id, {{}, true}});
        if (!customer) {
            co_return customer.error();
        }
        const auto met = co_await fresh_.meet(context->principal.tenant, *demand, {});
        if (!met) {
            co_return problem_of(context->log, met.error());
        }
        if (const auto moment = co_await held_moment(*context, *id, *met, std::nullopt); !moment) {
            co_return moment.error();
        }
    }
    auto read = co_await find_overview(*context, *id);
    if (!read) {
        co_return std::move(read).error();
    }
    const auto met = co_await fresh_.meet(context->principal.tenant, *demand, {sources_of(*read)});
    if (!met) {
        co_return problem_of(context->log, met.error());
    }
    if (met->refused) {
        co_return stale_data();
    }
    if (met->read_again) {
        read = co_await find_overview(*context, *id);
        if (!read) {
            co_return std::move(read).error();
        }
    }
    const Variant variant = variant_of(context->principal);
    const json::Array missing = missing_sources(met->freshness);
    HttpReply reply = json_reply(overview_text(*read, {met->freshness, variant, met->stale}, missing));
    if (met->stale != true) {
        add_tag(reply, tag_of(read->moment, *id, json::write(missing), variant));
    }
    add_verified_at(reply, met->freshness);
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
        co_return problem(404, "not_found", "Some of these objects do not exist; none is sent.", missing,
                          missing.size());
    }
    const auto fresh = co_await store_.freshness(context.principal.tenant);
    if (!fresh) {
        co_return problem_of(context.log, fresh.error());
    }
    co_return json_reply(batch_text(documents, read->moment, {*fresh, variant_of(context.principal)}));
}

}  // namespace tributary::api
