#include "services/webhooks/apply.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "domain/try.hpp"
#include "services/sync/view_rules.hpp"
#include "services/view/page_commit.hpp"
#include "services/view/record.hpp"
#include "services/webhooks/event_order.hpp"

namespace tributary::webhooks {

using domain::Errc;
using domain::Result;
using domain::ports::ClaimedInbox;
using domain::ports::EventOutcome;
using domain::ports::InboxEvent;
using domain::ports::PageTransaction;
using domain::ports::RecordState;
using domain::ports::Task;
using domain::ports::WebhookReceiver;

namespace {

constexpr std::size_t events_at_once = 200;

/// Events of one stream, ready to commit.
struct Batch {
    view::CommitScope scope;
    std::vector<Candidate> candidates;
    /// As many, in the same order.
    std::vector<domain::Observation> observations;
    /// What is settled without being committed.
    std::vector<EventOutcome> settled;
};

Batch read_batch(const WebhookReceiver& receiver, const ClaimedInbox& inbox,
                 std::span<const InboxEvent> events, domain::Uuid applying) {
    Batch batch;
    const auto& connection = inbox.connection;
    batch.scope.space = {inbox.tenant, connection.provider, connection.environment};
    batch.scope.stream = {connection.id, events.front().stream};
    batch.scope.cause = {"webhook", applying, inbox.lease};
    for (const InboxEvent& event : events) {
        auto snapshot = receiver.snapshot(event.stream, event.payload);
        if (!snapshot || snapshot->page.observations.size() != 1) {
            batch.settled.push_back(
                {event.id, "hint",
                 snapshot ? "The event does not hold one object." : snapshot.error().detail});
            continue;
        }
        batch.scope.fullness = snapshot->fullness;
        domain::Observation& seen = snapshot->page.observations.front();
        batch.candidates.push_back({event.id, seen.provider_id, seen.source_updated_at,
                                    view::record_of(seen, batch.scope.space, batch.scope.fullness).hash});
        batch.observations.push_back(std::move(seen));
    }
    return batch;
}

/// One transaction: what is news becomes a page, and all of the batch is settled with it.
Result<void> commit_batch(PageTransaction& transaction, const Batch& batch, const view::ViewRules& rules) {
    std::vector<std::string> keys;
    for (const Candidate& candidate : batch.candidates) {
        keys.push_back(candidate.provider_id);
    }
    std::map<std::string, RecordState> stored;
    if (!keys.empty()) {
        TRIBUTARY_TRY_LET(states, transaction.records(batch.scope.stream, keys));
        for (RecordState& state : states) {
            std::string id = state.provider_id;
            stored.emplace(std::move(id), std::move(state));
        }
    }
    std::vector<EventOutcome> outcomes = judge(batch.candidates, stored);
    domain::Page page;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        if (outcomes[i].state == "applied") {
            page.observations.push_back(batch.observations[i]);
        }
    }
    outcomes.insert(outcomes.end(), batch.settled.begin(), batch.settled.end());
    TRIBUTARY_TRY(transaction.settle_events(batch.scope.stream.connection_id, outcomes));
    // Checks the fence also where nothing is news: only the lease's owner settles.
    TRIBUTARY_TRY(view::commit_page(transaction, batch.scope, page, rules));
    return {};
}

Task<Result<void>> commit(const ApplyTools& tools, Batch batch) {
    const domain::Uuid tenant = batch.scope.space.tenant;
    // The job runs on a database thread and may run again: it borrows nothing that this coroutine could lose.
    auto job = [batch = std::make_shared<const Batch>(std::move(batch)),
                rules = sync::view_rules(tools.sealer, tools.providers)](PageTransaction& transaction) {
        return commit_batch(transaction, *batch, rules);
    };
    Result<void> committed = co_await tools.pages.transact(tenant, std::move(job));
    co_return committed;
}

/// What no retry mends: something in the event cannot be stored.
bool is_of_the_event(Errc code) {
    return code == Errc::contract || code == Errc::internal || code == Errc::invalid_input;
}

Task<Result<void>> set_aside(const ApplyTools& tools, const ClaimedInbox& inbox, const InboxEvent& event,
                             Errc code) {
    tools.log->error("a webhook event cannot be applied connection={} stream={} code={}",
                     to_text(inbox.connection.id), event.stream, name_of(code));
    const EventOutcome outcome{event.id, "poison",
                               "It cannot be stored (" + std::string(name_of(code)) + "); the log has more."};
    auto job = [outcome, lease = inbox.lease](PageTransaction& transaction) -> Result<void> {
        TRIBUTARY_TRY(transaction.settle_events(lease.connection_id, {&outcome, 1}));
        return transaction.check_fence(lease);
    };
    Result<void> settled = co_await tools.pages.transact(inbox.tenant, std::move(job));
    co_return settled;
}

/// All of them as one page; where that cannot be committed, each alone, so that only the one at fault stays
/// behind.
Task<Result<void>> apply_stream(const ApplyTools& tools, const WebhookReceiver& receiver,
                                const ClaimedInbox& inbox, std::vector<InboxEvent> events) {
    const domain::Uuid applying = tools.new_id();
    Result<void> done = co_await commit(tools, read_batch(receiver, inbox, events, applying));
    if (done || !is_of_the_event(done.error().code)) {
        co_return done;
    }
    for (const InboxEvent& event : events) {
        done = co_await commit(tools, read_batch(receiver, inbox, {&event, 1}, applying));
        if (!done && is_of_the_event(done.error().code)) {
            done = co_await set_aside(tools, inbox, event, done.error().code);
        }
        if (!done) {
            co_return done;
        }
    }
    co_return Result<void>();
}

}  // namespace

Task<Result<std::size_t>> apply_events(const ApplyTools& tools, ClaimedInbox inbox) {
    const domain::ports::Provider* provider = tools.providers.find(inbox.connection.provider);
    const WebhookReceiver* receiver = provider == nullptr ? nullptr : provider->webhooks();
    if (receiver == nullptr) {
        co_return domain::fail(Errc::configuration,
                               "This program reads no webhooks of the connection's provider.");
    }
    auto waiting = co_await tools.store.waiting_events(inbox.tenant, inbox.connection.id, events_at_once);
    if (!waiting) {
        co_return std::unexpected(std::move(waiting).error());
    }
    const std::size_t count = waiting->size();
    // Streams one after the other; within each the order stays.
    std::map<std::string, std::vector<InboxEvent>> by_stream;
    for (InboxEvent& event : *waiting) {
        std::string stream = event.stream;
        by_stream[std::move(stream)].push_back(std::move(event));
    }
    for (auto& [stream, events] : by_stream) {
        const Result<void> applied = co_await apply_stream(tools, *receiver, inbox, std::move(events));
        if (!applied) {
            co_return std::unexpected(applied.error());
        }
    }
    co_return count;
}

}  // namespace tributary::webhooks
