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
#include "adapters/system/threads.hpp"

namespace tributary::postgres {

namespace asio = boost::asio;
using domain::Errc;
using domain::Result;
using Clock = Session::Clock;

namespace {

struct PendingJob {
    JobSpec spec;
    std::function<void(Transaction&)> body;
    /// Called exactly once, on any thread.
    std::move_only_function<void(Result<void>)> done;
    Clock::time_point deadline;
};

/// What the watchdog needs to know of a thread at work.
struct Slot {
    Session::State state = Session::State::closed;
    int socket = -1;
    /// The job at work, until it is answered. Its thread uses it without the mutex, but not while connecting.
    std::optional<PendingJob> job;
    bool cut = false;
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
        watch_.notify_one();
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
            mind(job.deadline);
            queue_.push_back(std::move(job));
            wake_one_who_may();
        }
    }

  private:
    void work(Slot& slot) {
        system::let_others_finish();
        const auto observe = [this, &slot](Session::State state, int socket) {
            const std::lock_guard lock(mutex_);
            slot.state = state;
            slot.socket = socket;
            if (state == Session::State::connecting) watch_.notify_one();  // it has more to look at
        };
        Session session(options_, observe);
        while (take_job(session, slot)) {
            const JobSpec spec = slot.job->spec;
            const Terms terms{spec.allowance.value_or(options_.statement_timeout),
                              spec.lock_wait.value_or(options_.lock_timeout),
                              spec.allowance.value_or(options_.deadline),
                              spec.durable,
                              spec.snapshot,
                              spec.keyed,
                              spec.alone};
            Result<void> outcome =
                session.run({spec.tenant, spec.retry_conflict, terms, slot.job->deadline}, slot.job->body);
            std::optional<PendingJob> job = finish(slot, outcome);
            if (!job) continue;
            job->body = nullptr;  // what the job captured ends before its awaiter goes on
            job->done(std::move(outcome));
        }
    }

    /// Waits for a job of the slot's; false once the pool stops. A thread whose reconnect must still wait
    /// leaves jobs to the threads that have a connection, if any has.
    bool take_job(const Session& session, Slot& slot) {
        std::unique_lock lock(mutex_);
        for (;;) {
            if (stopping_) return false;
            const bool may_take = session.connected() || Clock::now() >= session.next_attempt() ||
                                  std::ranges::none_of(slots_, [](const Slot& other) {
                                      return other.state == Session::State::open;
                                  });
            if (!queue_.empty() && may_take) break;
            if (may_take) {
                wake_.wait(lock);
            } else {
                wake_.wait_until(lock, session.next_attempt());
            }
        }
        slot.job = std::move(queue_.front());
        queue_.pop_front();
        slot.cut = false;
        mind(slot.job->deadline);
        return true;
    }

    /// One thread is enough for one job where each of them may take it; else one is woken that may not, and
    /// so all are. Under the mutex.
    void wake_one_who_may() {
        const bool all_may =
            std::ranges::all_of(slots_, [](const Slot& slot) { return slot.state == Session::State::open; });
        if (all_may) {
            wake_.notify_one();
        } else {
            wake_.notify_all();
        }
    }

    /// Wakes the watchdog where it would oversleep this. Under the mutex.
    void mind(Clock::time_point deadline) {
        if (deadline < watched_until_) watch_.notify_one();
    }

    /// The job to be answered with `outcome`; nothing where the watchdog answered it. What failed because the
    /// watchdog cut the connection ran out of time.
    std::optional<PendingJob> finish(Slot& slot, Result<void>& outcome) {
        const std::lock_guard lock(mutex_);
        if (slot.cut && !outcome && outcome.error().code == Errc::unavailable) {
            outcome = domain::fail(Errc::timed_out, "the database did not answer in time");
        }
        if (stopping_) watch_.notify_one();
        return std::exchange(slot.job, std::nullopt);
    }

    /// Ends what passed its deadline: a job that waits, in the queue or for a connection, is failed; a
    /// running one loses its connection, which is the only way out of a read from a server that never
    /// answers.
    void watch() {
        std::unique_lock lock(mutex_);
        while (!stopping_ ||
               std::ranges::any_of(slots_, [](const Slot& slot) { return slot.job.has_value(); })) {
            const auto now = Clock::now();
            std::vector<PendingJob> late = take_late_jobs(now);
            if (!late.empty()) {
                lock.unlock();
                for (PendingJob& job : late) {
                    job.body = nullptr;
                    job.done(domain::fail(Errc::timed_out,
                                          "the database had no time for us; try again in a moment"));
                }
                lock.lock();
            } else {
                watched_until_ = cut_late_sessions(now).value_or(Clock::time_point::max());
                if (watched_until_ == Clock::time_point::max()) {
                    watch_.wait(lock);
                } else {
                    watch_.wait_until(lock, watched_until_);
                }
            }
        }
    }

    /// The jobs that waited too long, out of the queue and of threads that are connecting. Under the mutex.
    std::vector<PendingJob> take_late_jobs(Clock::time_point now) {
        std::vector<PendingJob> late;
        const auto is_late = [now](const PendingJob& job) { return job.deadline <= now; };
        for (Slot& slot : slots_) {
            if (slot.state == Session::State::connecting && slot.job && is_late(*slot.job)) {
                late.push_back(std::move(*slot.job));
                slot.job.reset();
            }
        }
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
            if (!slot.job || slot.cut) continue;
            if (now < slot.job->deadline) {
                look_again(slot.job->deadline);
            } else if (slot.state == Session::State::open) {
                ::shutdown(slot.socket, SHUT_RDWR);
                slot.cut = true;
            }
        }
        for (const PendingJob& job : queue_) {
            look_again(job.deadline);
        }
        return next;
    }

    const PoolOptions options_;
    std::mutex mutex_;
    /// For the threads: there is a job.
    std::condition_variable wake_;
    /// For the watchdog alone: it has to look earlier than it meant to.
    std::condition_variable watch_;
    Clock::time_point watched_until_ = Clock::time_point::max();
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
        auto at_work = asio::prefer(home, asio::execution::outstanding_work_t::tracked);
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
