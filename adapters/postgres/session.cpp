#include "adapters/postgres/session.hpp"

#include <algorithm>
#include <random>
#include <thread>

#include "adapters/postgres/conninfo.hpp"
#include "adapters/postgres/failure.hpp"
#include "adapters/postgres/translate_error.hpp"

namespace tributary::postgres {

namespace {

constexpr int max_attempts = 3;
constexpr std::chrono::milliseconds first_pause{250};
constexpr std::chrono::milliseconds longest_pause{2'000};

/// Two transactions that collided should not collide again: between half a step and a step, the steps
/// growing.
std::chrono::milliseconds jitter(int attempt) {
    thread_local std::minstd_rand random(std::random_device{}());
    const int step = 20 << attempt;
    return std::chrono::milliseconds(std::uniform_int_distribution<int>(step / 2, step)(random));
}

}  // namespace

struct Session::Attempt {
    domain::Result<void> outcome;
    bool retry = false;
    /// The connection was found dead before the job did anything that another try would do twice.
    bool stale = false;
};

domain::Result<void> Session::run(const Request& request, const Body& body) {
    bool reconnected = false;
    for (int tried = 1;; ++tried) {
        if (!connection_) {
            if (auto made = connect(); !made) return made;
            reconnected = true;
            if (Clock::now() >= request.deadline) {
                return domain::fail(domain::Errc::timed_out, "the database did not answer in time");
            }
        }
        Attempt done = attempt(request, body);
        if (done.stale && !reconnected) {
            --tried;
            continue;
        }
        if (done.outcome || !done.retry || tried == max_attempts || Clock::now() >= request.deadline) {
            return std::move(done.outcome);
        }
        std::this_thread::sleep_for(jitter(tried));
    }
}

Session::Attempt Session::attempt(const Request& request, const Body& body) {
    bool begun = false;
    Terms terms = request.terms;
    terms.alone = terms.alone && executes_by_name_;
    try {
        Transaction transaction(*connection_, terms, request.tenant, prepares_ ? &prepared_ : nullptr,
                                rewrite_ ? &rewrite_ : nullptr);
        begun = true;
        body(transaction);
        transaction.commit();
        tell_commit(transaction);
        return {};
    } catch (...) {
        Translated failure = translate_current_exception();
        if (failure.connection_lost || prepared_.preparing || !connection_->is_open()) {
            drop();
        }
        // A pooler in transaction mode carries prepared statements under names of its own.
        const bool by_another_name = terms.alone && failure.unknown_name;
        if (by_another_name) executes_by_name_ = false;
        const bool retry = failure.retry || by_another_name ||
                           (request.retry_conflict && failure.error.code == domain::Errc::conflict);
        // A statement alone is the first that is heard of the connection, and only reads.
        const bool stale = (!begun || terms.alone) && !connection_;
        return {std::unexpected(std::move(failure.error)), retry, stale};
    }
}

// The job is done, whatever becomes of this: who is told would look by themselves a moment later.
void Session::tell_commit(Transaction& transaction) const noexcept {
    domain::ports::OwnNews& news = transaction.news();
    if (!committed_ || (!news.commits && news.marks.empty())) return;
    try {
        news.tenant = transaction.tenant();
        committed_(news);
    } catch (const std::exception&) {
        return;
    }
}

domain::Result<void> Session::connect() {
    if (Clock::now() < next_attempt_) {
        return std::unexpected(last_error_);
    }
    observer_(State::connecting, -1);
    try {
        connection_ = std::make_unique<pqxx::connection>(with_defaults(url_));
        pause_ = std::chrono::milliseconds(0);
        observer_(State::open, connection_->sock());
        return {};
    } catch (...) {
        observer_(State::closed, -1);
        last_error_ = translate_current_exception().error;
        pause_ = std::clamp(pause_ * 2, first_pause, longest_pause);
        next_attempt_ = Clock::now() + pause_;
        return std::unexpected(last_error_);
    }
}

void Session::drop() {
    observer_(State::closed, -1);
    connection_.reset();
    prepared_ = {};
}

}  // namespace tributary::postgres

#if PQXX_VERSION_MAJOR < 7 && defined(__has_feature)
#if __has_feature(address_sanitizer)
// The sanitizer looks for this very name.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" const char* __lsan_default_suppressions();

/// libpqxx 6 forgets the result of the statement under which a connection was lost, 2 KB each time. Nothing
/// of ours ever holds memory of libpq, so that all leaks from there are that one.
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libpq.so\n";
}

// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)
#endif
#endif
