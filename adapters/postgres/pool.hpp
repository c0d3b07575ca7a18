// A few threads, each owning one connection, and a bounded queue in front of them. libpqxx blocks, so nothing
// else may call it: coroutines hand a job over and await its result on their own executor.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "domain/error.hpp"
#include "domain/ports/news_store.hpp"
#include "domain/ports/task.hpp"
#include "domain/uuid.hpp"

namespace tributary::postgres {

class Transaction;

struct PoolOptions {
    /// libpq connection string or URI (`database.url`).
    std::string url;
    std::size_t threads = 4;
    /// Statements may be prepared by name (`database.prepared`): not behind a pooler that does not carry
    /// them.
    bool prepared = true;
    /// Jobs that may wait; one more is refused as Errc::unavailable.
    std::size_t queue = 256;
    std::chrono::milliseconds statement_timeout{10'000};
    std::chrono::milliseconds lock_timeout{5'000};
    /// From handing a job over to its result, waiting and connecting included. Also ends a wait for a server
    /// that never answers.
    std::chrono::milliseconds deadline{15'000};
    /// Told of every commit in a tenant's feed, and of every mark of freshness, once COMMIT succeeded and
    /// before the job's result is handed out, on a database thread; it must not wait. One whose COMMIT is in
    /// doubt is not told of.
    std::function<void(const domain::ports::OwnNews& news)> committed = nullptr;
    /// Empty but in tests, whose way it is to take a tenant predicate out of a statement: each text passes
    /// through it before it runs, on the database threads, and nothing is prepared.
    std::function<std::string(std::string)> rewrite = nullptr;
};

struct JobSpec {
    /// Nothing: only the tenant-less tables.
    std::optional<domain::Uuid> tenant = std::nullopt;
    /// Run the job again when it refuses with Errc::conflict, not only when the database made it collide.
    bool retry_conflict = false;
    /// For the few jobs that are long by nature: takes the place of the pool's deadline and statement
    /// timeout.
    std::optional<std::chrono::milliseconds> allowance = std::nullopt;
    /// Takes the place of the pool's lock timeout.
    std::optional<std::chrono::milliseconds> lock_wait = std::nullopt;
    /// Whether COMMIT waits for the disk. Without it, a crash of the server soon after (three times its
    /// wal_writer_delay, 0.6 s by default) undoes the job, unless a later commit that wrote was waited for.
    bool durable = true;
    /// Every statement sees the same moment, and none may write.
    bool snapshot = false;
    /// All statements find their rows by an index, whatever the values: their plans are kept where they are
    /// prepared.
    bool keyed = false;
};

class Pool {
  public:
    /// Starts the threads; they connect when the first job comes.
    explicit Pool(PoolOptions options);
    /// Finishes running jobs, fails waiting ones with Errc::cancelled, joins. The io_contexts of awaiting
    /// coroutines must outlive the pool.
    ~Pool();
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    /// Runs `job` in a transaction and commits unless it throws. At most 3 attempts on a serialization
    /// failure or deadlock (JobSpec says whether on a conflict too), so the job must keep nothing from an
    /// attempt that failed. Errors: unavailable (queue full, database away), timed_out, conflict, in_doubt,
    /// cancelled, and what the job itself refuses with.
    template <class Job>
    auto run(JobSpec spec, Job job)
        -> domain::ports::Task<domain::Result<std::invoke_result_t<Job, Transaction&>>> {
        return run_as<std::invoke_result_t<Job, Transaction&>>(spec, std::move(job));
    }

  private:
    using Body = std::function<void(Transaction&)>;
    class Impl;

    template <class T>
    domain::ports::Task<domain::Result<T>> run_as(JobSpec spec, std::function<T(Transaction&)> job) {
        if constexpr (std::is_void_v<T>) {
            co_return co_await execute(spec, std::move(job));
        } else {
            // Shared with the database thread, so that it stays valid whoever ends first.
            auto value = std::make_shared<std::optional<T>>();
            Body body = [value, job = std::move(job)](Transaction& transaction) {
                *value = job(transaction);
            };
            const domain::Result<void> outcome = co_await execute(spec, std::move(body));
            if (!outcome) {
                co_return std::unexpected(outcome.error());
            }
            co_return std::move(**value);
        }
    }

    domain::ports::Task<domain::Result<void>> execute(JobSpec spec, Body body);

    std::unique_ptr<Impl> impl_;
};

}  // namespace tributary::postgres
