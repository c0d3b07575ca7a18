#include "services/sync/worker.hpp"

#include <spdlog/logger.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <utility>

#include "services/sync/outcome.hpp"
#include "services/sync/retry.hpp"
#include "services/sync/run.hpp"

namespace tributary::sync {

using domain::Errc;
using domain::Result;
using domain::Uuid;
using domain::ports::ClaimedRun;
using domain::ports::Lease;
using domain::ports::RunOutcome;
using domain::ports::Task;

/// Keeps a lease alive while its run lasts.
struct Worker::Renewal {
    Renewal(const boost::asio::any_io_executor& executor, domain::ports::Clock& clock)
        : nap(executor, clock) {}

    Nap nap;
    bool running = true;
    /// False once another owner took over.
    bool owned = true;

    /// Ends the renewal with the run, whichever way that ends.
    struct UntilHere {
        Renewal& renewal;

        ~UntilHere() {
            renewal.running = false;
            renewal.nap.wake();
        }
    };
};

namespace {

/// So many in one claim, however many could run: other replicas find something too.
constexpr std::size_t most_claimed = 100;

}  // namespace

Worker::Worker(boost::asio::any_io_executor executor, SyncTools tools, WorkerOptions options)
    : executor_(std::move(executor)),
      tools_(std::move(tools)),
      options_(std::move(options)),
      nap_(executor_, tools_.provider_tools.clock) {}

void Worker::wake() {
    nap_.wake();
}

void Worker::stop() {
    stopping_ = true;
    nap_.wake();
}

Task<void> Worker::idle() {
    std::chrono::milliseconds wait = options_.longest_idle;
    if (running_ < options_.concurrent_runs && !stopping_) {
        const auto next = co_await tools_.connections.next_due(options_.provider);
        if (next && *next) {
            wait = std::clamp(**next, std::chrono::milliseconds(1), wait);
        }
    }
    co_await nap_.sleep(wait);
}

Task<void> Worker::run() {
    while (!stopping_) {
        const std::size_t started = co_await claim_and_start();
        if (started == 0) {
            co_await idle();
        }
    }
    co_await drained();
}

Task<void> Worker::drained() {
    while (running_ > 0 || renewing_ > 0) {
        co_await idle();
    }
}

Task<std::size_t> Worker::claim_and_start() {
    // No more than can be started at once: what is claimed and not run, nobody else can run either.
    const std::size_t free =
        std::min(most_claimed, options_.concurrent_runs - std::min(running_, options_.concurrent_runs));
    if (free == 0) {
        co_return 0;
    }
    auto claimed =
        co_await tools_.connections.claim_due(options_.owner, options_.provider, free, options_.lease);
    if (!claimed) {
        tools_.log->warn("due connections cannot be claimed provider={} code={} detail=\"{}\"",
                         options_.provider, name_of(claimed.error().code), claimed.error().detail);
        co_return 0;
    }
    for (ClaimedRun& run : *claimed) {
        ++running_;
        boost::asio::co_spawn(executor_, perform(std::move(run)), [this](std::exception_ptr thrown) {
            --running_;
            wake();
            if (thrown) {
                tools_.log->error("a run ended by an exception; its lease will expire");
            }
        });
    }
    co_return claimed->size();
}

Task<Result<std::size_t>> Worker::run_due(Uuid connection) {
    auto claimed = co_await tools_.connections.claim_connection(options_.owner, connection, options_.lease);
    if (!claimed) {
        co_return std::unexpected(std::move(claimed).error());
    }
    for (ClaimedRun& run : *claimed) {
        co_await perform(std::move(run));
    }
    co_return claimed->size();
}

Task<void> Worker::renew(Lease lease, std::shared_ptr<Renewal> renewal) {
    while (renewal->running && renewal->owned) {
        // On the database's clock the lease has two more such periods to live.
        co_await renewal->nap.sleep(std::chrono::milliseconds(options_.lease) / 3);
        if (!renewal->running) {
            break;
        }
        const Result<void> renewed = co_await tools_.connections.renew_lease(lease, options_.lease);
        if (!renewed && renewed.error().code == Errc::stale_owner) {
            renewal->owned = false;
        }
    }
    --renewing_;
    wake();
}

Task<void> Worker::perform(ClaimedRun claimed) {
    const Lease lease{claimed.connection.id, claimed.fence};
    const Uuid tenant = claimed.tenant;
    const Uuid run_id = claimed.run_id;
    // The run takes the claim with it; these few texts are for the case that it ends by an exception.
    ClaimedRun kept;
    kept.connection = claimed.connection;
    kept.health = claimed.health;
    const std::string& provider = kept.connection.provider;
    const auto started = tools_.provider_tools.clock.steady_now();
    const auto renewal = std::make_shared<Renewal>(executor_, tools_.provider_tools.clock);
    ++renewing_;
    boost::asio::co_spawn(executor_, renew(lease, renewal), [](std::exception_ptr) {});
    tools_.log->debug("run started connection={} run={} provider={}", to_text(lease.connection_id),
                      to_text(run_id), provider);
    Result<RunResult> result = domain::fail(Errc::internal, "The run did not start.");
    {
        const Renewal::UntilHere stop_renewing{*renewal};
        try {
            result = co_await perform_run(tools_, std::move(claimed),
                                          [this, renewal] { return renewal->owned && !stopping_; });
        } catch (const std::exception&) {
            // A bug of ours: the run must end all the same, or it would be claimed again and again.
            tools_.log->error("a run ended by an exception connection={} run={}",
                              to_text(lease.connection_id), to_text(run_id));
            result = RunResult{outcome_of_bug(kept, roll_of(tools_.provider_tools.random)), false};
        }
    }
    if (!result) {
        tools_.log->info("run given up connection={} run={} code={}", to_text(lease.connection_id),
                         to_text(run_id), name_of(result.error().code));
        if (renewal->owned) {
            // At once free for the next owner; if this fails, the lease expires by itself.
            co_await tools_.connections.renew_lease(lease, std::chrono::seconds(0));
        }
        co_return;
    }
    if (tools_.on_run_ended) {
        tools_.on_run_ended(provider, result->forgotten ? "forgotten" : result->outcome.state,
                            tools_.provider_tools.clock.steady_now() - started);
    }
    co_await finish(tenant, lease, run_id, std::move(result->outcome), result->forgotten);
}

Task<void> Worker::finish(Uuid tenant, Lease lease, Uuid run_id, RunOutcome outcome, bool forgotten) {
    const std::string state = forgotten ? "forgotten" : outcome.state;
    const std::string code = outcome.error_code;
    Result<void> finished;
    if (forgotten) {
        finished = co_await tools_.connections.forget_connection(tenant, lease);
    } else {
        finished = co_await tools_.connections.finish_run(tenant, lease, run_id, std::move(outcome));
    }
    if (!finished) {
        tools_.log->warn("run could not be closed connection={} run={} code={}", to_text(lease.connection_id),
                         to_text(run_id), name_of(finished.error().code));
        co_return;
    }
    tools_.log->info("run finished connection={} run={} state={} code={}", to_text(lease.connection_id),
                     to_text(run_id), state, code);
}

}  // namespace tributary::sync
