#include "services/api/connection_routes.hpp"

#include <utility>

#include "domain/json/write.hpp"
#include "domain/try.hpp"
#include "services/admin/connection_text.hpp"
#include "services/admin/json_body.hpp"
#include "services/admin/proposal_text.hpp"
#include "services/admin/repair_request.hpp"
#include "services/api/conditional.hpp"
#include "services/api/list_parameters.hpp"
#include "services/api/problem.hpp"
#include "services/api/row_list.hpp"
#include "services/sync/credentials.hpp"
#include "services/view/masked.hpp"

namespace tributary::api {

using domain::Result;
using domain::ports::ConnectionQuery;
using domain::ports::HttpReply;
using domain::ports::NewConnection;
using domain::ports::RunQuery;
using domain::ports::Task;

namespace {

/// Providers' ids may be numbers of accounts.
HttpReply proposal_reply(const RequestContext& context, domain::ports::ProposalView proposal) {
    if (variant_of(context.principal) == Variant::masked) {
        for (domain::ports::ProposedStream& stream : proposal.streams) {
            for (domain::ports::ProposedKey& key : stream.keys) {
                key.provider_id = view::masked_provider_id(key.provider_id);
            }
        }
    }
    return json_reply(json::write(admin::proposal_object(proposal)));
}

std::string run_filters(const RunQuery& query) {
    return query.connection_id ? to_text(*query.connection_id) : "";
}

Result<ConnectionQuery> read_connection_query(const RequestContext& context,
                                              const domain::ports::Sealer& sealer) {
    ConnectionQuery query;
    TRIBUTARY_TRY_LET(size, page_size_of(context.query));
    query.limit = size;
    TRIBUTARY_TRY_LET(after, last_seen(context, sealer, question_of(context, "connections", "")));
    query.after = after;
    return query;
}

Result<RunQuery> read_run_query(const RequestContext& context, const domain::ports::Sealer& sealer) {
    RunQuery query;
    TRIBUTARY_TRY_LET(size, page_size_of(context.query));
    query.limit = size;
    TRIBUTARY_TRY_LET(connection, connection_parameter(context.query));
    query.connection_id = connection;
    TRIBUTARY_TRY_LET(before, last_seen(context, sealer, question_of(context, "runs", run_filters(query))));
    query.before = before;
    return query;
}

}  // namespace

ConnectionRoutes::ConnectionRoutes(ConnectionTools tools, const domain::ports::Clock& clock)
    : tools_(std::move(tools)), clock_(clock) {}

Task<HttpReply> ConnectionRoutes::list(RequestContext context) {
    auto query = read_connection_query(context, tools_.sealer);
    if (!query) {
        co_return problem_of(context.log, query.error());
    }
    const ListQuestion asked{context.path, query->limit};
    ++query->limit;
    const auto now = clock_.now();
    auto found = co_await tools_.store.connection_page(context.principal.tenant, *query);
    if (!found) {
        co_return problem_of(context.log, found.error());
    }
    co_return page_of(std::move(*found), asked, now, tools_.sealer, question_of(context, "connections", ""),
                      admin::connection_object);
}

Task<HttpReply> ConnectionRoutes::object(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return no_such_object();
    }
    const auto connection = co_await tools_.store.connection(context.principal.tenant, *id);
    if (!connection) {
        co_return problem_of(context.log, connection.error());
    }
    co_return json_reply(json::write(admin::connection_object(*connection)));
}

Task<HttpReply> ConnectionRoutes::create(RequestContext context) {
    const auto body = admin::read_json_body(context.body);
    if (!body) {
        co_return invalid_request(body.error());
    }
    const auto request = admin::read_connection_request(*body, tools_.providers, tools_.allowed_origins);
    if (!request) {
        co_return invalid_request(request.error());
    }
    NewConnection connection;
    connection.id = tools_.new_id();
    connection.name = request->name;
    connection.provider = request->provider;
    connection.environment = request->environment;
    connection.base_url = request->base_url;
    connection.period = request->period;
    connection.settings = json::write(request->settings);
    connection.sealed_credentials =
        sync::seal_credentials(tools_.sealer, context.principal.tenant, connection.id, request->credentials);
    const auto stored =
        co_await tools_.store.create_connection(context.principal.tenant, std::move(connection));
    if (!stored) {
        co_return problem_of(context.log, stored.error());
    }
    tools_.wake();
    HttpReply reply = json_reply(json::write(admin::connection_object(*stored)), 201);
    reply.fields.add("Location", "/v1/connections/" + to_text(stored->id));
    co_return reply;
}

Task<HttpReply> ConnectionRoutes::repair(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return no_such_object();
    }
    const auto body = admin::read_json_body(context.body);
    if (!body) {
        co_return invalid_request(body.error());
    }
    const auto connection = co_await tools_.store.connection(context.principal.tenant, *id);
    if (!connection) {
        co_return problem_of(context.log, connection.error());
    }
    const auto request = admin::read_repair_request(*body, *connection, tools_.providers);
    if (!request) {
        co_return invalid_request(request.error());
    }
    domain::ports::ConnectionRepair repair{
        *id, sync::seal_credentials(tools_.sealer, context.principal.tenant, *id, request->credentials), {}};
    if (request->settings) {
        repair.settings = json::write(*request->settings);
    }
    const auto repaired =
        co_await tools_.store.repair_connection(context.principal.tenant, std::move(repair));
    if (!repaired) {
        co_return problem_of(context.log, repaired.error());
    }
    tools_.wake();
    co_return json_reply(json::write(admin::connection_object(*repaired)));
}

Task<HttpReply> ConnectionRoutes::remove(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return no_such_object();
    }
    const auto removed = co_await tools_.store.remove_connection(context.principal.tenant, *id);
    if (!removed) {
        co_return problem_of(context.log, removed.error());
    }
    tools_.wake();
    co_return json_reply(json::write(json::Object{{"id", to_text(*id)}, {"status", "removing"}}), 202);
}

Task<HttpReply> ConnectionRoutes::resume(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return no_such_object();
    }
    const auto resumed = co_await tools_.store.pause_connection(context.principal.tenant, *id, false);
    if (!resumed) {
        co_return problem_of(context.log, resumed.error());
    }
    tools_.wake();
    const auto connection = co_await tools_.store.connection(context.principal.tenant, *id);
    if (!connection) {
        co_return problem_of(context.log, connection.error());
    }
    co_return json_reply(json::write(admin::connection_object(*connection)));
}

Task<HttpReply> ConnectionRoutes::sync(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return no_such_object();
    }
    const auto run = co_await tools_.store.request_run(context.principal.tenant, *id, "manual");
    if (!run) {
        co_return problem_of(context.log, run.error());
    }
    tools_.wake();
    HttpReply reply = json_reply(json::write(admin::run_object(*run)), 202);
    reply.fields.add("Location", "/v1/runs/" + to_text(run->id));
    co_return reply;
}

Task<HttpReply> ConnectionRoutes::runs(RequestContext context) {
    auto query = read_run_query(context, tools_.sealer);
    if (!query) {
        co_return problem_of(context.log, query.error());
    }
    const ListQuestion asked{context.path, query->limit,
                             query->connection_id ? "&connection_id=" + to_text(*query->connection_id) : ""};
    ++query->limit;
    const auto now = clock_.now();
    auto found = co_await tools_.store.runs(context.principal.tenant, *query);
    if (!found) {
        co_return problem_of(context.log, found.error());
    }
    co_return page_of(std::move(*found), asked, now, tools_.sealer,
                      question_of(context, "runs", run_filters(*query)), admin::run_object);
}

Task<HttpReply> ConnectionRoutes::run(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return no_such_object();
    }
    const auto run = co_await tools_.store.run(context.principal.tenant, *id);
    if (!run) {
        co_return problem_of(context.log, run.error());
    }
    co_return json_reply(json::write(admin::run_object(*run)));
}

Task<HttpReply> ConnectionRoutes::proposal(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return no_such_object();
    }
    auto proposal = co_await tools_.store.proposal(context.principal.tenant, *id);
    if (!proposal) {
        co_return problem_of(context.log, proposal.error());
    }
    co_return proposal_reply(context, std::move(proposal).value());
}

Task<HttpReply> ConnectionRoutes::decide(RequestContext context, bool approve) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return no_such_object();
    }
    domain::ports::ProposalDecision decision{*id, approve, context.principal.label};
    auto decided = co_await tools_.store.decide_proposal(context.principal.tenant, std::move(decision));
    if (!decided) {
        co_return problem_of(context.log, decided.error());
    }
    tools_.wake();
    co_return proposal_reply(context, std::move(decided).value());
}

}  // namespace tributary::api
