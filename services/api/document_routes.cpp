#include "services/api/document_routes.hpp"

#include <utility>

#include "domain/facet.hpp"
#include "domain/json/write.hpp"
#include "services/api/document_text.hpp"
#include "services/api/freshness.hpp"
#include "services/api/list_parameters.hpp"
#include "services/api/list_question.hpp"
#include "services/api/list_reply.hpp"
#include "services/api/me.hpp"
#include "services/api/merged_reply.hpp"
#include "services/api/problem.hpp"
#include "services/api/ready_reads.hpp"

namespace tributary::api {

using domain::EntityKind;
using domain::Result;
using domain::Uuid;
using domain::ports::DocumentPage;
using domain::ports::HttpReply;
using domain::ports::ListQuery;
using domain::ports::OverviewRead;
using domain::ports::ReadAt;
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

/// The sources in trouble, for the tag: of the past none are told.
std::string tagged_partial(const RequestContext& context, const MetDemand& met) {
    return context.at.moment ? "past" : json::write(missing_sources(met.in_question()));
}

void add_told(HttpReply& reply, const RequestContext& context, const MetDemand& met) {
    if (!context.at.moment) {
        add_verified_at(reply, met.in_question());
    }
}

}  // namespace

DocumentRoutes::DocumentRoutes(domain::ports::ReadStore& store, const domain::ports::Sealer& sealer,
                               const sync::Providers& providers, FreshReads fresh, cache::Copies& copies,
                               ToldTexts& texts)
    : store_(store), sealer_(sealer), providers_(providers), fresh_(fresh), copies_(copies), texts_(texts) {}

DocumentRoutes::Answer<DocumentRoutes::Found> DocumentRoutes::find(const RequestContext& context,
                                                                   domain::ports::DocumentQuery query) {
    const auto read = co_await store_.document(context.at, std::move(query));
    if (!read) {
        co_return std::unexpected(problem_of(context.log, read.error()));
    }
    if (read->redirect_to) {
        co_return std::unexpected(merged_reply(context, *read->redirect_to, read->moment));
    }
    if (!read->document) {
        co_return std::unexpected(no_such_object());
    }
    co_return Found{*read->document, read->moment};
}

Task<Result<MetDemand>> DocumentRoutes::meet(const RequestContext& context, FreshnessDemand demand,
                                             AnswerSources answer) {
    if (context.at.moment) {
        co_return MetDemand{};
    }
    co_return co_await fresh_.meet(context.principal.tenant, demand, std::move(answer));
}

Task<HttpReply> DocumentRoutes::list(RequestContext context, EntityKind kind) {
    ListQuery query;
    query.kind = kind;
    if (context.endpoint == Endpoint::identity_suggestions) {
        query.facets = {domain::facet("status", "suggested")};
    }
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
        sources.sources = customer->document.sources;
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
    const auto found = co_await store_.targets_named(context->at, std::move(name));
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

DocumentRoutes::Answer<ReadAt> DocumentRoutes::held_moment(const RequestContext& context, const Uuid& whose,
                                                           const MetDemand& met, ReadAt at) {
    // Who demanded better is told, which takes a body.
    if ((context.held.tags.empty() && !context.held.any) || met.stale == true) {
        co_return at;
    }
    const auto moment = co_await store_.moment(at);
    if (!moment) {
        co_return std::unexpected(problem_of(context.log, moment.error()));
    }
    const std::string tag =
        tag_of(*moment, whose, tagged_partial(context, met), variant_of(context.principal));
    if (!is_held(context.held, tag)) {
        at.moment = *moment;
        co_return at;
    }
    HttpReply reply = not_modified();
    add_tag(reply, tag);
    add_position(reply, *moment);
    add_told(reply, context, met);
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
    sources.of_a_past_moment = asked->at.moment.has_value();
    if (const std::string* provider = context.query.find("provider")) {
        sources.provider = *provider;
    }
    if (const auto connection = connection_parameter(context.query)) {
        sources.connection = *connection;
    }
    const auto met = co_await meet(context, *demand, std::move(sources));
    if (!met) {
        co_return problem_of(context.log, met.error());
    }
    if (met->refused) {
        co_return stale_data();
    }
    const ListQuery& wanted = asked->query;
    const Uuid whose = wanted.customer.value_or(context.principal.tenant);
    const auto at = co_await held_moment(context, whose, *met, asked->at);
    if (!at) {
        co_return at.error();
    }
    const Result<DocumentPage> page = co_await store_.list(*at, wanted);
    if (!page) {
        co_return problem_of(context.log, page.error());
    }
    if (page->documents.empty() && wanted.customer && !wanted.after) {
        // It may have been merged since it was looked at, and then has nothing.
        const auto still = co_await find(context, {EntityKind::customer, *wanted.customer, {{}, true}});
        if (!still) {
            co_return still.error();
        }
    }
    const Variant variant = variant_of(context.principal);
    const bool past = context.at.moment.has_value();
    ListPage shown_page{shown(page->documents, {met->freshness, variant, met->stale, past}),
                        next_page_token(context, wanted, *page, sealer_), page->moment.at};
    shown_page.partial = missing_sources(met->in_question());
    shown_page.stale = met->stale;
    shown_page.freshness =
        past ? freshness_text({}, {}) : freshness_text(sources_of(page->documents), met->freshness);
    HttpReply reply =
        list_reply(std::move(shown_page), {context.path, wanted.limit, kept_parameters(context, wanted)});
    if (met->stale != true) {
        add_tag(reply, tag_of(page->moment, whose, tagged_partial(context, *met), variant));
    }
    add_position(reply, page->moment);
    add_told(reply, context, *met);
    co_return reply;
}

DocumentRoutes::Answer<OverviewRead> DocumentRoutes::find_overview(const RequestContext& context,
                                                                   Uuid customer) {
    Result<OverviewRead> read = co_await store_.overview(context.at, customer);
    if (!read) {
        co_return std::unexpected(problem_of(context.log, read.error()));
    }
    if (read->customer.redirect_to) {
        co_return std::unexpected(merged_reply(context, *read->customer.redirect_to, read->moment));
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
        const auto met = co_await meet(*context, *demand, {});
        if (!met) {
            co_return problem_of(context->log, met.error());
        }
        if (const auto at = co_await held_moment(*context, *id, *met, context->at); !at) {
            co_return at.error();
        }
    }
    auto read = co_await find_overview(*context, *id);
    if (!read) {
        co_return std::move(read).error();
    }
    const auto met = co_await meet(*context, *demand, {sources_of(*read)});
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
    const bool past = context->at.moment.has_value();
    const json::Array missing = past ? json::Array() : missing_sources(met->freshness);
    HttpReply reply = json_reply(overview_text(*read, {met->freshness, variant, met->stale, past}, missing));
    if (met->stale != true) {
        add_tag(reply, tag_of(read->moment, *id, tagged_partial(*context, *met), variant));
    }
    add_position(reply, read->moment);
    add_told(reply, *context, *met);
    co_return reply;
}

}  // namespace tributary::api
