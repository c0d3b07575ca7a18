#include "services/actions/carry_out.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "domain/ids.hpp"
#include "domain/try.hpp"
#include "services/actions/arguments.hpp"
#include "services/actions/owned_transport.hpp"
#include "services/sync/identifier_hash.hpp"
#include "services/sync/run.hpp"
#include "services/sync/run_clock.hpp"
#include "services/sync/unusable_key.hpp"
#include "services/view/page_commit.hpp"

namespace tributary::actions {

using domain::Errc;
using domain::Result;
using domain::ports::ActionDesk;
using domain::ports::ActionEffect;
using domain::ports::ActionEnd;
using domain::ports::ActionKind;
using domain::ports::ActionOrder;
using domain::ports::ClaimedAction;
using domain::ports::PageTransaction;
using domain::ports::Task;
using Next = Verdict::Next;

namespace {

constexpr std::chrono::seconds while_run_ends{2};
constexpr std::chrono::seconds after_failure{30};

/// What came of asking the provider.
struct Outcome {
    Verdict verdict;
    std::optional<ActionEffect> effect;
    /// That of the effect's stream.
    int fullness = 0;
    /// In this very turn.
    bool was_sent = false;
};

/// A session and the order that it is to carry out.
struct Open {
    sync::OpenSession opened;
    ActionDesk& desk;
    ActionOrder order;
};

bool has_ended(const ClaimedAction& action) {
    return action.view.ended_at.has_value();
}

Standing standing_of(const ClaimedAction& action) {
    return {action.view.state, action.tries, action.age, action.since_sent};
}

bool is_over(const Standing& standing, const Patience& patience) {
    return standing.state != "accepted" && standing.age >= patience.longest;
}

/// What is known without asking anybody.
std::optional<Verdict> verdict_at_once(const ClaimedAction& action, const Patience& patience) {
    using enum domain::ConnectionStatus;
    const Standing standing = standing_of(action);
    if (standing.state == "accepted" && action.view.kind == ActionKind::close_account_group &&
        action.subject_closed) {
        return done();
    }
    // What was sent gets one more look.
    if (standing.state == "queued" && is_over(standing, patience)) {
        return out_of_patience(standing);
    }
    if (!action.connection) {
        return without_provider(standing, "The connection was removed.", true);
    }
    if (action.connection->status == reauth_required || action.connection->status == disabled) {
        return is_over(standing, patience)
                   ? out_of_patience(standing)
                   : without_provider(standing, "The connection's credentials were refused; repair it.",
                                      false);
    }
    return std::nullopt;
}

Result<Open> open(const sync::SyncTools& tools, const ClaimedAction& action) {
    TRIBUTARY_TRY_LET(
        arguments, open_arguments(tools.sealer, action.tenant, action.lease.action, action.sealed_arguments));
    domain::ports::ClaimedRun asked;
    asked.tenant = action.tenant;
    asked.connection = *action.connection;
    asked.sealed_credentials = action.sealed_credentials;
    // Somebody waits for the answer.
    asked.run_cause = "action";
    TRIBUTARY_TRY_LET(opened, sync::open_session(tools, asked));
    ActionDesk* desk = opened.session->actions();
    if (desk == nullptr) {
        return domain::fail(Errc::configuration, "This connection's provider takes no changes.");
    }
    return Open{std::move(opened),
                *desk,
                {action.view.kind, action.provider_subject, std::move(arguments), action.lease.action}};
}

int fullness_of(const domain::ports::ProviderSession& session, const std::string& stream) {
    const auto facts = session.streams();
    const auto found = std::ranges::find(facts, stream, &domain::ports::StreamFacts::name);
    return found == facts.end() ? 0 : found->fullness;
}

Outcome outcome_of(Verdict verdict, Result<ActionEffect> answered, const Open& open) {
    Outcome outcome{std::move(verdict), std::nullopt, 0, false};
    if (answered) {
        sync::quarantine_unusable(answered->page);
        outcome.fullness = fullness_of(*open.opened.session, answered->stream);
        outcome.effect = std::move(*answered);
    }
    return outcome;
}

/// Looks where it may have been done, and sends where it was not.
Task<Result<Outcome>> ask_provider(const ActionTools& tools, const ClaimedAction& action, const Open& open) {
    Standing standing = standing_of(action);
    if (standing.state != "queued") {
        Result<ActionEffect> found = co_await open.desk.look(open.order);
        Verdict verdict = after_look(standing, tools.patience, found);
        standing.disproved = verdict.next == Next::send && found.has_value();
        if (verdict.next != Next::settle && is_over(standing, tools.patience)) {
            co_return Outcome{out_of_patience(standing), std::nullopt, 0, false};
        }
        if (verdict.next != Next::send) {
            co_return outcome_of(std::move(verdict), std::move(found), open);
        }
    }
    // Before the first byte: from now on nobody sends it without having looked.
    const Result<void> marked = co_await tools.store.begin_sending(action.tenant, action.lease);
    if (!marked) {
        co_return std::unexpected(marked.error());
    }
    Result<ActionEffect> sent = co_await open.desk.perform(open.order);
    Verdict verdict = after_sending(standing, sent);
    Outcome outcome = outcome_of(std::move(verdict), std::move(sent), open);
    outcome.was_sent = true;
    co_return outcome;
}

/// What was made, as a caller can ask for it here.
std::string object_of(const ClaimedAction& action, const ActionEffect& effect) {
    if (action.view.kind != ActionKind::create_account_group || effect.object_id.empty()) {
        return effect.object_id;
    }
    const auto& connection = *action.connection;
    return to_text(domain::entity_id({action.tenant, connection.provider, connection.environment},
                                     domain::EntityKind::account_group, effect.object_id));
}

bool shows_something(const ActionEffect& effect) {
    const bool whole = effect.page.quarantined.empty();
    return !effect.stream.empty() && whole && (!effect.page.observations.empty() || !effect.removed.empty());
}

ActionEnd end_of(const ClaimedAction& action, const Outcome& outcome) {
    const Verdict& verdict = outcome.verdict;
    ActionEnd end{action.lease, verdict.state, verdict.code, verdict.detail};
    end.pause = verdict.pause;
    // Nobody knows what the documents miss of one that nobody heard of any more.
    end.run_owed = verdict.code == "in_doubt";
    if (outcome.effect && verdict.state != "failed") {
        end.object_id = object_of(action, *outcome.effect);
        end.run_owed = true;
        if (action.fence && shows_something(*outcome.effect)) {
            end.effect = domain::ports::Lease{action.connection->id, *action.fence};
        }
    }
    return end;
}

Result<void> commit_effect(PageTransaction& transaction, const view::CommitScope& scope,
                           const ActionEffect& effect, const view::IdentifierHash& hash) {
    TRIBUTARY_TRY_LET(seen, view::commit_page(transaction, scope, effect.page, hash));
    view::PageCounts gone;
    if (!effect.removed.empty()) {
        TRIBUTARY_TRY_LET(removed, view::commit_removal(transaction, scope, effect.removed, hash));
        gone = removed;
    }
    const auto documents = [](const view::PageCounts& counts) {
        return counts.documents.documents_created + counts.documents.documents_changed +
               counts.documents.documents_removed;
    };
    if (documents(seen) + documents(gone) > 0) {
        TRIBUTARY_TRY(transaction.note_action_commit(scope.cause.run_id));
    }
    return {};
}

/// The action's end and its effect, in one transaction.
Task<Result<void>> settle(const ActionTools& tools, const ClaimedAction& action, ActionEnd end,
                          std::shared_ptr<const Outcome> outcome) {
    view::CommitScope scope;
    if (end.effect) {
        const auto& connection = *action.connection;
        scope = {{action.tenant, connection.provider, connection.environment},
                 {connection.id, outcome->effect->stream},
                 outcome->fullness,
                 {"action", action.lease.action, std::nullopt}};
    }
    // The job runs on a database thread and may run again: it borrows nothing that this coroutine could lose.
    auto job = [end = std::move(end), scope = std::move(scope), outcome,
                hash =
                    sync::identifier_hash(tools.sync.sealer)](PageTransaction& transaction) -> Result<void> {
        TRIBUTARY_TRY_LET(held, transaction.settle_action(end));
        if (held) {
            TRIBUTARY_TRY(commit_effect(transaction, scope, *outcome->effect, hash));
        }
        return {};
    };
    return tools.sync.pages.transact(action.tenant, std::move(job));
}

/// Of what a provider said, not of the database or of who asks.
bool is_of_the_effect(Errc code) {
    return code == Errc::contract || code == Errc::invalid_input || code == Errc::internal;
}

Task<Result<void>> store(const ActionTools& tools, const ClaimedAction& action, Outcome found) {
    const auto outcome = std::make_shared<const Outcome>(std::move(found));
    const Verdict& verdict = outcome->verdict;
    if (verdict.next == Next::put_off) {
        co_return co_await tools.store.put_off_action(action.tenant, action.lease, verdict.state,
                                                      verdict.pause);
    }
    ActionEnd end = end_of(action, *outcome);
    const bool shows = end.effect.has_value();
    Result<void> settled = co_await settle(tools, action, end, outcome);
    if (!settled && shows && is_of_the_effect(settled.error().code)) {
        // What cannot be committed costs the documents a run, not the action its end.
        end.effect.reset();
        settled = co_await settle(tools, action, std::move(end), outcome);
    }
    if (!settled && settled.error().code != Errc::stale_owner) {
        // It stands, or was refused, and that could not be written: the next look finds out again.
        const bool was_sent = action.view.state != "queued" || outcome->was_sent;
        const std::string waits = action.view.state == "accepted" ? "accepted"
                                  : was_sent                      ? "in_doubt"
                                                                  : "queued";
        const Result<void> given_back =
            co_await tools.store.put_off_action(action.tenant, action.lease, waits, after_failure);
        (void)given_back;
    }
    if (settled && verdict.state != "accepted") {
        const std::string result = verdict.code.empty() ? verdict.state : verdict.code;
        tools.sync.log->info("action ended action={} kind={} connection={} result={}",
                             to_text(action.lease.action), domain::name_of(action.view.kind),
                             to_text(action.view.connection_id), result);
        if (tools.on_ended) {
            tools.on_ended(domain::name_of(action.view.kind), result);
        }
    }
    co_return settled;
}

/// The documents follow by a run that begins now or later. One that is under way may be past them.
Task<Result<void>> ask_for_run(const ActionTools& tools, const ClaimedAction& action) {
    const auto run =
        co_await tools.sync.connections.request_run(action.tenant, action.view.connection_id, "action");
    if (!run && run.error().code != Errc::not_found && run.error().code != Errc::conflict) {
        co_return co_await tools.store.put_off_action(action.tenant, action.lease, std::nullopt,
                                                      after_failure);
    }
    if (run && tools.wake) {
        tools.wake();
    }
    if (run && run->state == "running" && run->started_at < action.view.ended_at) {
        co_return co_await tools.store.put_off_action(action.tenant, action.lease, std::nullopt,
                                                      while_run_ends);
    }
    co_return co_await tools.store.finish_action(action.tenant, action.lease);
}

}  // namespace

Task<Result<void>> carry_out(ActionTools tools, ClaimedAction action, Going going) {
    if (has_ended(action)) {
        co_return co_await ask_for_run(tools, action);
    }
    if (auto known = verdict_at_once(action, tools.patience)) {
        co_return co_await store(tools, action, {std::move(*known), std::nullopt, 0, false});
    }
    // The session sleeps on this clock and sends through this transport: they outlive the session.
    sync::RunClock clock(tools.sync.provider_tools.clock, std::move(going.keep_going));
    OwnedTransport transport(tools.sync.provider_tools.transport, std::move(going.owned));
    const sync::SyncTools own =
        sync::with_provider_tools(tools.sync, {transport, clock, tools.sync.provider_tools.random});
    auto opened = open(own, action);
    if (!opened) {
        const Standing standing = standing_of(action);
        Verdict verdict = is_over(standing, tools.patience)
                              ? out_of_patience(standing)
                              : without_provider(standing, opened.error().detail, false);
        co_return co_await store(tools, action, {std::move(verdict), std::nullopt, 0, false});
    }
    Result<Outcome> outcome = co_await ask_provider(tools, action, *opened);
    if (!outcome) {
        co_return std::unexpected(outcome.error());
    }
    co_return co_await store(tools, action, std::move(*outcome));
}

}  // namespace tributary::actions
