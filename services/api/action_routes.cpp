#include "services/api/action_routes.hpp"

#include <algorithm>
#include <utility>

#include "domain/json/write.hpp"
#include "domain/try.hpp"
#include "services/actions/arguments.hpp"
#include "services/actions/choice.hpp"
#include "services/api/action_text.hpp"
#include "services/api/idempotency.hpp"
#include "services/api/list_parameters.hpp"
#include "services/api/problem.hpp"
#include "services/api/row_list.hpp"

namespace tributary::api {

using domain::Result;
using domain::ports::ActionQuery;
using domain::ports::ActionTarget;
using domain::ports::ActionView;
using domain::ports::HttpReply;
using domain::ports::NewAction;
using domain::ports::StoredAction;
using domain::ports::Task;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds first_look{20};
constexpr milliseconds longest_between_looks{500};

/// To who asks under a key that stands for something.
HttpReply reply_of_known(const RequestContext& context, const StoredAction& known,
                         const std::string& fingerprint) {
    if (known.fingerprint != fingerprint) {
        return problem(422, "idempotency_key_reused",
                       "Something else was asked under this Idempotency-Key; use another one.");
    }
    const ActionView& action = known.view;
    const bool told = action.ended_at.has_value() || action.state == "accepted";
    return told ? action_reply(action, variant_of(context.principal)) : action_running(action);
}

HttpReply nobody_takes_it() {
    return problem(
        409, "no_connection_takes_it",
        "No connection may change this: it takes one of the object's provider and environment that "
        "works, sees the object and, for what a profile keeps for itself, has its credentials.");
}

std::string state_filter(const RequestContext& context) {
    const std::string* state = context.query.find("state");
    return state == nullptr ? "" : "&state=" + *state;
}

Result<ActionQuery> read_query(const RequestContext& context, const domain::ports::Sealer& sealer) {
    static constexpr std::string_view states[] = {"queued",   "sending",   "in_doubt",
                                                  "accepted", "succeeded", "failed"};
    ActionQuery query;
    TRIBUTARY_TRY_LET(size, page_size_of(context.query));
    query.limit = size;
    TRIBUTARY_TRY_LET(state, choice_parameter(context.query, "state", states));
    query.state = state;
    TRIBUTARY_TRY_LET(after,
                      last_seen(context, sealer, question_of(context, "actions", state_filter(context))));
    query.after = after;
    return query;
}

}  // namespace

ActionRoutes::ActionRoutes(ActionTools tools) : tools_(std::move(tools)) {}

Task<HttpReply> ActionRoutes::change(RequestContext context) {
    auto request = read_action_request(context);
    if (!request) {
        co_return std::move(request).error();
    }
    const std::string hash = idempotency_hash(tools_.sealer, context);
    const std::string fingerprint = request_fingerprint(tools_.sealer, context);
    const auto known = co_await tools_.store.action_of_key(context.principal.tenant, hash);
    if (!known) {
        co_return problem_of(context.log, known.error());
    }
    if (*known) {
        co_return reply_of_known(context, **known, fingerprint);
    }
    auto prepared = co_await prepare(context, std::move(*request));
    if (!prepared) {
        co_return std::move(prepared).error();
    }
    prepared->key_hash = hash;
    prepared->fingerprint = fingerprint;
    const auto begun =
        co_await tools_.store.begin_action(context.principal.tenant, std::move(*prepared), tools_.key_lasts);
    if (!begun) {
        co_return problem_of(context.log, begun.error());
    }
    if (!begun->is_new) {
        co_return reply_of_known(context, *begun, fingerprint);
    }
    tools_.wake();
    co_return co_await wait_for(context, begun->view);
}

Task<std::expected<NewAction, HttpReply>> ActionRoutes::prepare(const RequestContext& context,
                                                                ActionRequest request) {
    const domain::Uuid tenant = context.principal.tenant;
    const std::string part = request.subject.part;
    const domain::Uuid subject = request.subject.id;
    const domain::EntityKind subject_kind = request.subject.kind;
    const auto target = co_await tools_.store.action_target(tenant, std::move(request.subject));
    if (!target) {
        co_return std::unexpected(problem_of(context.log, target.error()));
    }
    if (!part.empty() && !actions::has_attribute(*target, part)) {
        co_return std::unexpected(no_such_object());
    }
    const domain::ports::Provider* provider = tools_.providers.find(target->provider);
    if (provider == nullptr || !provider->takes(request.kind)) {
        co_return std::unexpected(nobody_takes_it());
    }
    if (const auto faults = provider->check_action(request.kind, request.arguments); !faults.empty()) {
        co_return std::unexpected(invalid_request(faults));
    }
    const ActionTarget::Holder* holder = actions::choose(*target, request.kind, *provider);
    if (holder == nullptr) {
        co_return std::unexpected(nobody_takes_it());
    }
    NewAction action;
    action.id = tools_.new_id();
    action.kind = request.kind;
    action.connection = holder->connection.id;
    action.subject_kind = subject_kind;
    action.subject = subject;
    action.provider_subject = part.empty() ? target->provider_id : part;
    action.sealed_arguments = actions::seal_arguments(tools_.sealer, tenant, action.id, request.arguments);
    action.requested_by = context.principal.label;
    co_return action;
}

Task<HttpReply> ActionRoutes::wait_for(const RequestContext& context, ActionView begun) {
    const auto deadline = tools_.clock.steady_now() + tools_.longest_wait;
    const auto may_wait = [&] {
        return tools_.clock.steady_now() < deadline && (!tools_.keep_waiting || tools_.keep_waiting());
    };
    milliseconds pause = first_look;
    while (!begun.ended_at && begun.state != "accepted" && may_wait()) {
        const Result<void> slept = co_await tools_.clock.sleep(pause);
        if (!slept) {
            break;
        }
        pause = std::min(pause * 5 / 4, longest_between_looks);
        Result<ActionView> look = co_await tools_.store.action(context.principal.tenant, begun.id);
        if (look) {
            begun = std::move(*look);
        }
    }
    co_return action_reply(begun, variant_of(context.principal));
}

Task<HttpReply> ActionRoutes::list(RequestContext context) {
    auto query = read_query(context, tools_.sealer);
    if (!query) {
        co_return problem_of(context.log, query.error());
    }
    const std::string filters = state_filter(context);
    const ListQuestion asked{context.path, query->limit, filters};
    ++query->limit;
    const auto now = tools_.clock.now();
    auto found = co_await tools_.store.actions(context.principal.tenant, *query);
    if (!found) {
        co_return problem_of(context.log, found.error());
    }
    const Variant variant = variant_of(context.principal);
    co_return page_of(std::move(*found), asked, now, tools_.sealer, question_of(context, "actions", filters),
                      [variant](const ActionView& action) { return action_object(action, variant); });
}

Task<HttpReply> ActionRoutes::object(RequestContext context) {
    const auto id = domain::parse_uuid(context.id);
    if (!id) {
        co_return no_such_object();
    }
    const auto action = co_await tools_.store.action(context.principal.tenant, *id);
    if (!action) {
        co_return problem_of(context.log, action.error());
    }
    co_return json_reply(json::write(action_object(*action, variant_of(context.principal))));
}

}  // namespace tributary::api
