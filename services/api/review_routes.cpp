#include "services/api/review_routes.hpp"

#include <utility>

#include "domain/json/write.hpp"
#include "domain/try.hpp"
#include "services/admin/drift_text.hpp"
#include "services/api/list_parameters.hpp"
#include "services/api/problem.hpp"
#include "services/api/row_list.hpp"

namespace tributary::api {

using domain::Result;
using domain::ports::DriftQuery;
using domain::ports::HttpReply;
using domain::ports::QuarantineQuery;
using domain::ports::Task;

namespace {

/// The filters as the next page must be asked with them; read and found well before.
std::string kept_filters(const RequestContext& context, std::initializer_list<std::string_view> names) {
    std::string kept;
    for (const std::string_view name : names) {
        if (const std::string* text = context.query.find(name)) {
            kept += "&" + std::string(name) + "=" + *text;
        }
    }
    return kept;
}

std::string drift_filters(const RequestContext& context) {
    return kept_filters(context, {"provider", "stream", "state"});
}

std::string quarantine_filters(const RequestContext& context) {
    return kept_filters(context, {"connection_id", "stream"});
}

Result<DriftQuery> read_drift_query(const RequestContext& context, const domain::ports::Sealer& sealer,
                                    std::span<const std::string_view> providers) {
    DriftQuery query;
    TRIBUTARY_TRY_LET(size, page_size_of(context.query));
    query.limit = size;
    TRIBUTARY_TRY_LET(provider, choice_parameter(context.query, "provider", providers));
    TRIBUTARY_TRY_LET(stream, name_parameter(context.query, "stream"));
    static constexpr std::string_view states[] = {"open", "accepted"};
    TRIBUTARY_TRY_LET(state, choice_parameter(context.query, "state", states));
    query.provider = provider;
    query.stream = stream;
    query.state = state;
    TRIBUTARY_TRY_LET(after,
                      last_seen(context, sealer, question_of(context, "drift", drift_filters(context))));
    query.after = after;
    return query;
}

Result<QuarantineQuery> read_quarantine_query(const RequestContext& context,
                                              const domain::ports::Sealer& sealer) {
    QuarantineQuery query;
    TRIBUTARY_TRY_LET(size, page_size_of(context.query));
    query.limit = size;
    TRIBUTARY_TRY_LET(stream, name_parameter(context.query, "stream"));
    query.stream = stream;
    TRIBUTARY_TRY_LET(connection, connection_parameter(context.query));
    query.connection_id = connection;
    TRIBUTARY_TRY_LET(
        after, last_seen(context, sealer, question_of(context, "quarantine", quarantine_filters(context))));
    query.after = after;
    return query;
}

}  // namespace

ReviewRoutes::ReviewRoutes(ReviewTools tools, const domain::ports::Clock& clock)
    : tools_(tools), clock_(clock) {}

Task<HttpReply> ReviewRoutes::drift(RequestContext context) {
    auto query = read_drift_query(context, tools_.reprocess.sealer, tools_.reprocess.providers.names());
    if (!query) {
        co_return problem_of(context.log, query.error());
    }
    const ListQuestion asked{context.path, query->limit, drift_filters(context)};
    ++query->limit;
    const auto now = clock_.now();
    auto found = co_await tools_.drift.drift(context.principal.tenant, std::move(*query));
    if (!found) {
        co_return problem_of(context.log, found.error());
    }
    co_return page_of(std::move(*found), asked, now, tools_.reprocess.sealer,
                      question_of(context, "drift", drift_filters(context)), admin::drift_object);
}

Task<HttpReply> ReviewRoutes::accept(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return no_such_object();
    }
    const auto accepted =
        co_await tools_.drift.accept_drift(context.principal.tenant, *id, context.principal.label);
    if (!accepted) {
        co_return problem_of(context.log, accepted.error());
    }
    co_return json_reply(json::write(admin::drift_object(*accepted)));
}

Task<HttpReply> ReviewRoutes::quarantine(RequestContext context) {
    auto query = read_quarantine_query(context, tools_.reprocess.sealer);
    if (!query) {
        co_return problem_of(context.log, query.error());
    }
    const ListQuestion asked{context.path, query->limit, quarantine_filters(context)};
    ++query->limit;
    const auto now = clock_.now();
    auto found = co_await tools_.reprocess.quarantine.quarantine(context.principal.tenant, std::move(*query));
    if (!found) {
        co_return problem_of(context.log, found.error());
    }
    co_return page_of(std::move(*found), asked, now, tools_.reprocess.sealer,
                      question_of(context, "quarantine", quarantine_filters(context)),
                      admin::quarantine_object);
}

Task<HttpReply> ReviewRoutes::quarantined(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return no_such_object();
    }
    const auto object =
        co_await tools_.reprocess.quarantine.quarantined_object(context.principal.tenant, *id);
    if (!object) {
        co_return problem_of(context.log, object.error());
    }
    co_return json_reply(json::write(admin::quarantined_object(*object)));
}

Task<HttpReply> ReviewRoutes::reprocess(RequestContext context) const {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return no_such_object();
    }
    const auto done = co_await sync::reprocess(tools_.reprocess, context.principal.tenant, *id);
    if (!done) {
        co_return problem_of(context.log, done.error());
    }
    co_return json_reply(json::write(admin::reprocessed_object(*done)));
}

}  // namespace tributary::api
