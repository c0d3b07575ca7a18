#include "services/webhooks/applier.hpp"

#include <spdlog/logger.h>

#include <exception>
#include <utility>

namespace tributary::webhooks {

using domain::Errc;
using domain::Result;
using domain::ports::ClaimedInbox;
using domain::ports::Task;

namespace {

constexpr std::chrono::hours between_cleanings{1};
/// After a failure, so that a connection in trouble does not keep the others waiting.
constexpr std::chrono::seconds pause_after_failure{10};

}  // namespace

Applier::Applier(boost::asio::any_io_executor executor, ApplyTools tools, domain::ports::Clock& clock,
                 ApplierOptions options)
    : tools_(std::move(tools)),
      clock_(clock),
      options_(options),
      nap_(std::move(executor), clock),
      clean_at_(clock.steady_now()) {}

void Applier::wake() {
    nap_.wake();
}

void Applier::stop() {
    stopping_ = true;
    nap_.wake();
}

Task<void> Applier::run() {
    while (!stopping_) {
        const Result<bool> applied = co_await apply_one();
        if (!applied) {
            tools_.log->warn("webhook events could not be applied code={} detail=\"{}\"",
                             name_of(applied.error().code), applied.error().detail);
        }
        if (clock_.steady_now() >= clean_at_) {
            clean_at_ = clock_.steady_now() + between_cleanings;
            co_await clean_up();
        }
        if ((!applied || !*applied) && !stopping_) {
            co_await nap_.sleep(options_.longest_idle);
        }
    }
}

Task<Result<bool>> Applier::apply_one() {
    // A batch of 200 is done long before a lease ends; where it is not, the fence lets nothing be written.
    const Result<std::optional<ClaimedInbox>> claimed =
        co_await tools_.store.claim_inbox(options_.owner, options_.lease);
    if (!claimed) {
        co_return std::unexpected(claimed.error());
    }
    if (!*claimed) {
        co_return false;
    }
    const ClaimedInbox inbox = **claimed;
    Result<std::size_t> applied =
        domain::fail(Errc::internal, "Applying webhook events ended by an exception.");
    try {
        applied = co_await apply_events(tools_, inbox);
    } catch (const std::exception&) {
        // A bug of ours: these events wait, and the service goes on without them.
        tools_.log->error("applying webhook events ended by an exception connection={}",
                          to_text(inbox.connection.id));
    }
    if (!applied && applied.error().code == Errc::stale_owner) {
        co_return true;  // somebody else goes on
    }
    const Result<void> released = co_await tools_.store.release_inbox(
        inbox.tenant, inbox.lease, applied ? std::chrono::seconds(0) : pause_after_failure);
    if (!released && released.error().code != Errc::stale_owner) {
        co_return std::unexpected(released.error());
    }
    if (!applied) {
        co_return std::unexpected(applied.error());
    }
    tools_.log->debug("webhook events applied connection={} count={}", to_text(inbox.connection.id),
                      *applied);
    co_return true;
}

Task<void> Applier::clean_up() {
    const Result<std::size_t> dropped = co_await tools_.store.drop_settled_events(options_.retention);
    if (!dropped) {
        tools_.log->warn("old webhook events could not be dropped code={}", name_of(dropped.error().code));
    }
}

}  // namespace tributary::webhooks
