#include "services/refresh/object_reader.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "domain/try.hpp"
#include "services/sync/run.hpp"
#include "services/sync/unusable_key.hpp"
#include "services/sync/view_rules.hpp"
#include "services/view/page_commit.hpp"

namespace tributary::refresh {

using domain::Errc;
using domain::Page;
using domain::Result;
using domain::Uuid;
using domain::ports::ObjectClaim;
using domain::ports::ObjectLook;
using domain::ports::PageTransaction;
using domain::ports::Task;

namespace {

constexpr std::chrono::milliseconds between_looks{50};

/// What only a run gets to the bottom of: it removes what is gone, judges the connection, and comes after
/// whoever was faster than this read.
bool needs_run(Errc code) {
    return code == Errc::gone || code == Errc::unauthenticated || code == Errc::contract ||
           code == Errc::stale_owner;
}

/// One page of all the objects.
Task<Result<Page>> read_all(domain::ports::ProviderSession& session, const ObjectClaim& claim) {
    Page all;
    for (const std::string& id : claim.objects) {
        Result<Page> page = co_await session.read(claim.read.key.source.stream, id);
        if (!page) {
            co_return page;
        }
        sync::quarantine_unusable(*page);
        const bool whole = page->quarantined.empty() && page->observations.size() == 1 &&
                           page->observations.front().provider_id == id;
        if (!whole) {
            co_return domain::fail(Errc::contract, "The answer is not the object that was asked for.");
        }
        all.observations.push_back(std::move(page->observations.front()));
    }
    co_return all;
}

int fullness_of(const domain::ports::ProviderSession& session, const std::string& stream) {
    const auto facts = session.streams();
    const auto found = std::ranges::find(facts, stream, &domain::ports::StreamFacts::name);
    return found == facts.end() ? 0 : found->fullness;
}

Task<Result<void>> read_and_commit(const ObjectTools& tools, const Uuid& tenant, const ObjectClaim& claim) {
    domain::ports::ClaimedRun asked;
    asked.tenant = tenant;
    asked.connection = claim.connection;
    asked.sealed_credentials = claim.sealed_credentials;
    // Somebody waits for the answer.
    asked.run_cause = "on_demand";
    const auto opened = sync::open_session(tools.sync, asked);
    if (!opened) {
        co_return std::unexpected(opened.error());
    }
    Result<Page> page = co_await read_all(*opened->session, claim);
    if (!page) {
        co_return std::unexpected(std::move(page).error());
    }
    const auto& connection = claim.connection;
    view::CommitScope scope{{tenant, connection.provider, connection.environment},
                            claim.read.key.source,
                            fullness_of(*opened->session, claim.read.key.source.stream),
                            {"on_demand", tools.new_id(), std::nullopt}};
    // The job runs on a database thread and may run again: it borrows nothing that this coroutine could lose.
    auto job = [scope = std::move(scope), page = std::make_shared<const Page>(std::move(*page)),
                read = claim.read, rules = sync::view_rules(tools.sync.sealer, tools.sync.providers)](
                   PageTransaction& transaction) -> Result<void> {
        TRIBUTARY_TRY(transaction.settle_object_read(read));
        TRIBUTARY_TRY(view::commit_page(transaction, scope, *page, rules));
        return {};
    };
    Result<void> committed = co_await tools.sync.pages.transact(tenant, std::move(job));
    co_return committed;
}

/// Until whoever reads has ended, whichever way: the reader looks at what came of it.
Task<Result<Reading>> wait_for_other(const ObjectTools& tools, const Uuid& tenant, const ObjectClaim& claim) {
    domain::ports::Clock& clock = tools.sync.provider_tools.clock;
    const auto deadline = clock.steady_now() + claim_lasts;
    while (clock.steady_now() < deadline) {
        const Result<void> slept = co_await clock.sleep(between_looks);
        if (!slept) {
            co_return std::unexpected(slept.error());
        }
        const Result<ObjectLook> look = co_await tools.reads.look_at_object(tenant, claim.read.key);
        if (!look) {
            co_return std::unexpected(look.error());
        }
        if (!look->under_way || look->claim != claim.read.claim) {
            break;
        }
    }
    co_return Reading::done;
}

}  // namespace

Task<Result<Reading>> read_objects(ObjectTools tools, ObjectDemand demand) {
    const Result<ObjectClaim> claim =
        co_await tools.reads.claim_object(demand.tenant, demand.key, demand.not_before, claim_lasts);
    if (!claim) {
        co_return std::unexpected(claim.error());
    }
    if (claim->next == ObjectClaim::Next::fresh) {
        co_return Reading::done;
    }
    if (claim->next == ObjectClaim::Next::run) {
        co_return Reading::needs_run;
    }
    if (claim->next == ObjectClaim::Next::wait) {
        Result<Reading> waited = co_await wait_for_other(tools, demand.tenant, *claim);
        co_return waited;
    }
    const Result<void> done = co_await read_and_commit(tools, demand.tenant, *claim);
    if (done) {
        co_return Reading::done;
    }
    // Should this fail, the claim runs out by itself.
    const Result<void> given_up = co_await tools.reads.give_up_object(demand.tenant, claim->read);
    (void)given_up;
    if (needs_run(done.error().code)) {
        co_return Reading::needs_run;
    }
    co_return std::unexpected(done.error());
}

}  // namespace tributary::refresh
