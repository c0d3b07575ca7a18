#include "adapters/postgres/pool.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "adapters/postgres/session.hpp"

namespace tributary::postgres {

namespace asio = boost::asio;
using domain::Errc;
using domain::Result;
using Clock = Session::Clock;

namespace {

/// How often the watchdog looks at a thread past its deadline that has no socket yet; connect_timeout bounds
/// that.
constexpr std::chrono::milliseconds still_connecting{100};

struct PendingJob {
    JobSpec spec;
    std::function<void(Transaction&)> body;
    /// Called exactly once, on any thread.
    std::move_only_function<void(Result<void>)> done;
    Clock::time_point deadline;
};

/// What the watchdog needs to know of a thread at work.
struct Slot {
    int socket = -1;
    /// Set while a job runs.
    std::optional<Clock::time_point> deadline;
    bool cut = false;
    bool connected = false;
};

}  // namespace

class Pool::Impl {
  public:
    explicit Impl(PoolOptions options)
        : options_(std::move(options)), slots_(std::max<std::size_t>(1, options_.threads)) {
        for (Slot& slot : slots_) {
            threads_.emplace_back([this, &slot] { work(slot); });
        }
        threads_.emplace_back([this] { watch(); });
    }

    ~Impl() {
        std::deque<PendingJob> abandoned;
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
            abandoned.swap(queue_);
        }
        wake_.notify_all();
        for (PendingJob& job : abandoned) {
            job.done(domain::fail(Errc::cancelled, "the program is stopping"));
        }
        abandoned.clear();  // and with it their hold on the executors they go home to
        for (std::thread& thread : threads_) {
            thread.join();
        }
    }

    void submit(PendingJob job) {
        job.deadline = Clock::now() + job.spec.allowance.value_or(options_.deadline);
        std::unique_lock lock(mutex_);
        if (stopping_) {
            lock.unlock();
            job.done(domain::fail(Errc::cancelled, "the program is stopping"));
        } else if (queue_.size() >= options_.queue) {
            lock.unlock();
            job.done(domain::fail(Errc::unavailable, "the database queue is full; try again in a moment"));
        } else {
            queue_.push_back(std::move(job));
            wake_.notify_all();
        }
    }

  private:
    void work(Slot& slot) {
        Session session(options_.url, [this, &slot](int socket) {
            const std::lock_guard lock(mutex_);
            slot.socket = socket;
            slot.connected = socket >= 0;
        });
        while (std::optional<PendingJob> job = next_job(session, slot)) {
            const Limits limits{job->spec.allowance.value_or(options_.statement_timeout),
                                options_.lock_timeout, job->spec.allowance.value_or(options_.deadline)};
            Result<void> outcome =
                session.run({job->spec.tenant, job->spec.retry_conflict, limits, job->deadline}, job->body);
            if (finish(slot) && !outcome && outcome.error().code == Errc::unavailable) {
                outcome = domain::fail(Errc::timed_out, "the database did not answer in time");
            }
            job->body = nullptr;  // what the job captured ends before its awaiter goes on
            job->done(std::move(outcome));
        }
    }

    /// Waits for a job; nothing once the pool stops. A thread whose reconnect must still wait leaves jobs to
    /// the threads that have a connection, if any has.
    std::optional<PendingJob> next_job(const Session& session, Slot& slot) {
        std::unique_lock lock(mutex_);
        for (;;) {
            if (stopping_) return std::nullopt;
            const bool may_take = session.connected() || Clock::now() >= session.next_attempt() ||
                                  std::ranges::none_of(slots_, &Slot::connected);
            if (!queue_.empty() && may_take) break;
            if (may_take) {
                wake_.wait(lock);
            } else {
                wake_.wait_until(lock, session.next_attempt());
            }
        }
        PendingJob job = std::move(queue_.front());
        queue_.pop_front();
        slot.deadline = job.deadline;
        slot.cut = false;
        wake_.notify_all();  // the watchdog has a deadline more
        return job;
    }

    /// True where the watchdog cut the connection under the job.
    bool finish(Slot& slot) {
        const std::lock_guard lock(mutex_);
        slot.deadline.reset();
        if (stopping_) wake_.notify_all();
        return slot.cut;
    }

    /// Ends what passed its deadline: a waiting job is failed, a running one loses its connection, which is
    /// the only way out of a read from a server that never answers.
    void watch() {
        std::unique_lock lock(mutex_);
        while (!stopping_ ||
               std::ranges::any_of(slots_, [](const Slot& slot) { return slot.deadline.has_value(); })) {
            const auto now = Clock::now();
            std::vector<PendingJob> late = take_late_jobs(now);
            if (!late.empty()) {
                lock.unlock();
                for (PendingJob& job : late) {
                    job.done(domain::fail(Errc::timed_out,
                                          "the database had no time for us; try again in a moment"));
                }
                lock.lock();
            } else if (const auto next = cut_late_sessions(now)) {
                wake_.wait_until(lock, *next);
            } else {
                wake_.wait(lock);
            }
        }
    }

    /// The jobs that waited too long, out of the queue. Under the mutex.
    std::vector<PendingJob> take_late_jobs(Clock::time_point now) {
        std::vector<PendingJob> late;
        const auto is_late = [now](const PendingJob& job) { return job.deadline <= now; };
        if (std::ranges::none_of(queue_, is_late)) return late;
        std::deque<PendingJob> in_time;
        for (PendingJob& job : queue_) {
            if (is_late(job)) {
                late.push_back(std::move(job));
            } else {
                in_time.push_back(std::move(job));
            }
        }
        queue_ = std::move(in_time);
        return late;
    }

    /// Returns when to look again. Under the mutex.
    std::optional<Clock::time_point> cut_late_sessions(Clock::time_point now) {
        std::optional<Clock::time_point> next;
        const auto look_again = [&next](Clock::time_point at) { next = next ? std::min(*next, at) : at; };
        for (Slot& slot : slots_) {
            if (!slot.deadline || slot.cut) continue;
            if (now < *slot.deadline) {
                look_again(*slot.deadline);
            } else if (slot.socket >= 0) {
                ::shutdown(slot.socket, SHUT_RDWR);
                slot.cut = true;
            } else {
                look_again(now + still_connecting);
            }
        }
        for (const PendingJob& job : queue_) {
            look_again(job.deadline);
        }
        return next;
    }

    const PoolOptions options_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<PendingJob> queue_;
    std::vector<Slot> slots_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

Pool::Pool(PoolOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Pool::~Pool() = default;

domain::ports::Task<Result<void>> Pool::execute(JobSpec spec, Body body) {
    const asio::any_io_executor home = co_await asio::this_coro::executor;
    // The result travels home by post(), with the executor kept at work meanwhile. No cancellation reaches
    // the job: it is bounded by its deadline instead.
    const auto initiate = [this, home](auto handler, JobSpec of_job, Body job_body) {
        auto at_work = asio::prefer(home, asio::execution::outstanding_work.tracked);
        impl_->submit({of_job,
                       std::move(job_body),
                       [at_work, handler = std::move(handler)](Result<void> outcome) mutable {
                           asio::post(at_work,
                                      [handler = std::move(handler), outcome = std::move(outcome)]() mutable {
                                          std::move(handler)(std::optional(std::move(outcome)));
                                      });
                       },
                       {}});
    };
    std::optional<Result<void>> outcome =
        co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(std::optional<Result<void>>)>(
            initiate, asio::use_awaitable, spec, std::move(body));
    co_return std::move(*outcome);
}

}  // namespace tributary::postgres
