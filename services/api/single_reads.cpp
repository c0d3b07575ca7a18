// Reads of one object. What is asked plainly of the present is loaded together with what others want at the
// moment, and kept; demands on freshness and moments of the past take what they need one after the other.
#include <utility>

#include "services/api/document_routes.hpp"
#include "services/api/document_text.hpp"
#include "services/api/freshness.hpp"
#include "services/api/me.hpp"
#include "services/api/merged_reply.hpp"
#include "services/api/problem.hpp"
#include "services/api/ready_reads.hpp"

namespace tributary::api {

using domain::EntityKind;
using domain::Uuid;
using domain::ports::HttpReply;
using domain::ports::StoredDocument;
using domain::ports::Task;

namespace {

/// What the object's version does not change with: such an answer takes a body and has no tag, for a 304
/// would keep it, or hide it, when it is over.
bool told_in_body(const StoredDocument& document, const MetDemand& met) {
    return met.stale == true || !missing_sources_of(document.sources, met.freshness).empty();
}

}  // namespace

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
    if (!context.at.moment && !context.at.not_before && !demand.parameters.max_age) {
        co_return co_await send_present(std::move(context), kind, id);
    }
    const Variant variant = variant_of(context.principal);
    domain::ports::DocumentQuery query{kind, id, known_versions(context.held, id, variant)};
    auto found = co_await find(context, query);
    if (!found) {
        co_return std::move(found).error();
    }
    AnswerSources sources{.sources = found->document.sources, .document = id};
    const auto met = co_await meet(context, demand, std::move(sources));
    if (!met) {
        co_return problem_of(context.log, met.error());
    }
    if (met->refused) {
        co_return stale_data();
    }
    if (met->read_again) {
        found = co_await find(context, query);
        if (!found) {
            co_return std::move(found).error();
        }
    }
    const bool past = context.at.moment.has_value();
    const bool tells = !past && told_in_body(found->document, *met);
    if (tells && found->document.known) {
        query.known = {};
        found = co_await find(context, query);
        if (!found) {
            co_return std::move(found).error();
        }
    }
    const StoredDocument& document = found->document;
    HttpReply reply = document.known
                          ? not_modified()
                          : json_reply(object_text(document, {met->freshness, variant, met->stale, past}));
    if (!tells) {
        add_tag(reply, tag_of(id, {document.version, document.changed_at}, variant));
    }
    add_position(reply, found->moment);
    if (!past) {
        add_verified_at(reply, document.sources, met->freshness);
    }
    co_return reply;
}

Task<HttpReply> DocumentRoutes::send_present(RequestContext context, EntityKind kind, Uuid id) {
    const Uuid tenant = context.principal.tenant;
    // Before the load: what changes from now on is heard of.
    const auto feed = copies_.feed_of(tenant);
    const auto load = co_await store_.load(tenant, kind, id);
    if (!load) {
        co_return problem_of(context.log, load.error());
    }
    if (load->redirect_to) {
        co_return merged_reply(context, *load->redirect_to, load->moment);
    }
    if (!load->document) {
        co_return no_such_object();
    }
    const StoredDocument& document = *load->document;
    const Variant variant = variant_of(context.principal);
    HttpReply reply = json_reply(object_text(document, {load->freshness, variant}));
    const std::string tag = tag_of(id, {document.version, document.changed_at}, variant);
    const bool is_tagged = missing_sources_of(document.sources, load->freshness).empty();
    if (is_tagged) {
        add_tag(reply, tag);
    }
    add_verified_at(reply, document.sources, load->freshness);
    if (feed) {
        copies_.keep({tenant, id, variant == Variant::masked}, copy_of(reply, feed, *load));
    }
    if (is_tagged && is_held(context.held, tag)) {
        reply = not_modified();
        add_tag(reply, tag);
        add_verified_at(reply, document.sources, load->freshness);
    }
    add_position(reply, load->moment);
    co_return reply;
}

}  // namespace tributary::api
