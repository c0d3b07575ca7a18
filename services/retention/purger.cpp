#include "services/retention/purger.hpp"

#include <utility>

namespace tributary::retention {

using domain::Result;
using domain::Uuid;
using domain::ports::PurgedBatch;
using domain::ports::Task;

Purger::Purger(boost::asio::any_io_executor executor, PurgerTools tools, PurgerOptions options)
    : tools_(std::move(tools)), options_(options), nap_(std::move(executor), tools_.clock) {}

void Purger::stop() {
    stopping_ = true;
    nap_.wake();
}

Task<void> Purger::run() {
    while (!stopping_) {
        const Result<void> done = co_await round();
        if (!done) {
            tools_.log->warn("the past could not be let go of code={} detail=\"{}\"",
                             name_of(done.error().code), done.error().detail);
        }
        if (!stopping_) {
            co_await nap_.sleep(options_.between_rounds);
        }
    }
}

Task<Result<void>> Purger::round() {
    const auto tenants = co_await tools_.admin.tenants();
    if (!tenants) {
        co_return std::unexpected(tenants.error());
    }
    for (const domain::ports::Tenant& tenant : *tenants) {
        if (stopping_) {
            break;
        }
        const Result<void> purged = co_await purge(tenant.id);
        if (!purged && purged.error().code == domain::Errc::unavailable) {
            co_return std::unexpected(purged.error());
        }
        if (!purged) {
            tools_.log->warn("the past of a tenant could not be let go of tenant={} code={} detail=\"{}\"",
                             to_text(tenant.id), name_of(purged.error().code), purged.error().detail);
        }
    }
    co_return Result<void>();
}

Task<Result<void>> Purger::purge(Uuid tenant) {
    const Result<std::int64_t> horizon = co_await tools_.store.move_horizon(tenant, options_.kept);
    if (!horizon) {
        co_return std::unexpected(horizon.error());
    }
    std::size_t rows = 0;
    domain::ports::PurgeOrder order{.rows = options_.batch};
    while (!stopping_) {
        const Result<PurgedBatch> batch = co_await tools_.store.purge(tenant, order);
        if (!batch) {
            co_return std::unexpected(batch.error());
        }
        rows += batch->rows;
        order.stage = batch->stage;
        tools_.on_deleted(batch->rows);
        if (!batch->more) {
            break;
        }
    }
    if (rows > 0) {
        tools_.log->info("the past was let go of tenant={} horizon={} rows={}", to_text(tenant), *horizon,
                         rows);
    }
    co_return Result<void>();
}

}  // namespace tributary::retention
