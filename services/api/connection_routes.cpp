#include "services/api/connection_routes.hpp"

#include <utility>

#include "domain/json/write.hpp"
#include "services/admin/connection_text.hpp"
#include "services/admin/json_body.hpp"
#include "services/admin/proposal_text.hpp"
#include "services/admin/repair_request.hpp"
#include "services/api/list_parameters.hpp"
#include "services/api/page_token.hpp"
#include "services/api/problem.hpp"
#include "services/sync/credentials.hpp"

namespace tributary::api {

using domain::Errc;
using domain::Result;
using domain::ports::ConnectionView;
using domain::ports::HttpReply;
using domain::ports::NewConnection;
using domain::ports::RunQuery;
using domain::ports::RunView;
using domain::ports::Task;

namespace {

HttpReply not_found() {
    return problem(404, "not_found", "There is no such object.");
}

std::string runs_question(const RequestContext& context, const RunQuery& query) {
    return to_text(context.principal.tenant) + "\x1fruns\x1f" +
           (query.connection_id ? to_text(*query.connection_id) : "");
}

Result<RunQuery> read_run_query(const RequestContext& context, const domain::ports::Sealer& sealer) {
    RunQuery query;
    auto size = page_size_of(context.query);
    if (!size) {
        return std::unexpected(std::move(size).error());
    }
    query.limit = *size;
    if (const std::string* connection = context.query.find("connection_id")) {
        query.connection_id = domain::parse_uuid(*connection);
        if (!query.connection_id) {
            return domain::fail(Errc::invalid_input, "connection_id must be the id of a connection.",
                                "/connection_id");
        }
    }
    if (const std::string* token = context.query.find("page_token"); token != nullptr && !token->empty()) {
        auto position = read_page_token(sealer, runs_question(context, query), *token);
        if (!position) {
            return std::unexpected(std::move(position).error());
        }
        query.before = position->after;
    }
    return query;
}

}  // namespace

ConnectionRoutes::ConnectionRoutes(ConnectionTools tools) : tools_(std::move(tools)) {}

Task<HttpReply> ConnectionRoutes::list(RequestContext context) {
    const auto all = co_await tools_.store.connections(context.principal.tenant);
    if (!all) {
        co_return problem_of(all.error());
    }
    json::Array items;
    for (const ConnectionView& connection : *all) {
        items.emplace_back(admin::connection_object(connection));
    }
    co_return json_reply(json::write(json::Object{{"items", std::move(items)}, {"next_page_token", ""}}));
}

Task<HttpReply> ConnectionRoutes::object(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return not_found();
    }
    const auto connection = co_await tools_.store.connection(context.principal.tenant, *id);
    if (!connection) {
        co_return problem_of(connection.error());
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
        co_return problem_of(stored.error());
    }
    tools_.wake();
    HttpReply reply = json_reply(json::write(admin::connection_object(*stored)), 201);
    reply.fields.add("Location", "/v1/connections/" + to_text(stored->id));
    co_return reply;
}

Task<HttpReply> ConnectionRoutes::repair(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return not_found();
    }
    const auto body = admin::read_json_body(context.body);
    if (!body) {
        co_return invalid_request(body.error());
    }
    const auto connection = co_await tools_.store.connection(context.principal.tenant, *id);
    if (!connection) {
        co_return problem_of(connection.error());
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
        co_return problem_of(repaired.error());
    }
    tools_.wake();
    co_return json_reply(json::write(admin::connection_object(*repaired)));
}

Task<HttpReply> ConnectionRoutes::remove(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return not_found();
    }
    const auto removed = co_await tools_.store.remove_connection(context.principal.tenant, *id);
    if (!removed) {
        co_return problem_of(removed.error());
    }
    tools_.wake();
    co_return json_reply(json::write(json::Object{{"id", to_text(*id)}, {"status", "removing"}}), 202);
}

Task<HttpReply> ConnectionRoutes::sync(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return not_found();
    }
    const auto run = co_await tools_.store.request_run(context.principal.tenant, *id, "manual");
    if (!run) {
        co_return problem_of(run.error());
    }
    tools_.wake();
    HttpReply reply = json_reply(json::write(admin::run_object(*run)), 202);
    reply.fields.add("Location", "/v1/runs/" + to_text(run->id));
    co_return reply;
}

Task<HttpReply> ConnectionRoutes::runs(RequestContext context) {
    auto query = read_run_query(context, tools_.sealer);
    if (!query) {
        co_return problem_of(query.error());
    }
    const std::size_t wanted = query->limit;
    query->limit = wanted + 1;
    const auto found = co_await tools_.store.runs(context.principal.tenant, *query);
    if (!found) {
        co_return problem_of(found.error());
    }
    json::Array items;
    std::string token;
    for (const RunView& run : *found) {
        if (items.size() == wanted) {
            token =
                make_page_token(tools_.sealer, runs_question(context, *query), {0, (*found)[wanted - 1].id});
            break;
        }
        items.emplace_back(admin::run_object(run));
    }
    co_return json_reply(json::write(json::Object{{"items", std::move(items)}, {"next_page_token", token}}));
}

Task<HttpReply> ConnectionRoutes::run(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return not_found();
    }
    const auto run = co_await tools_.store.run(context.principal.tenant, *id);
    if (!run) {
        co_return problem_of(run.error());
    }
    co_return json_reply(json::write(admin::run_object(*run)));
}

Task<HttpReply> ConnectionRoutes::proposal(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return not_found();
    }
    const auto proposal = co_await tools_.store.proposal(context.principal.tenant, *id);
    if (!proposal) {
        co_return problem_of(proposal.error());
    }
    co_return json_reply(json::write(admin::proposal_object(*proposal)));
}

Task<HttpReply> ConnectionRoutes::decide(RequestContext context, bool approve) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return not_found();
    }
    domain::ports::ProposalDecision decision{*id, approve, "API key " + to_text(context.principal.key_id)};
    const auto decided = co_await tools_.store.decide_proposal(context.principal.tenant, std::move(decision));
    if (!decided) {
        co_return problem_of(decided.error());
    }
    tools_.wake();
    co_return json_reply(json::write(admin::proposal_object(*decided)));
}

}  // namespace tributary::api
