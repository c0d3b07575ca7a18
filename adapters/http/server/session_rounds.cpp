// What nearly all of a session's time goes into: to read, and to answer at once, round after round.

#include <boost/asio/async_result.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <exception>
#include <utility>

#include "adapters/http/server/session.hpp"

namespace tributary::http {

namespace asio = boost::asio;
using domain::ports::Task;
using ErrorCode = boost::system::error_code;

// Handlers instead of a coroutine, because to resume one costs as much as all that happens to such a request
// in between. `Done` resumes it in the end.
template <class Done>
class Session::Rounds {
  public:
    Rounds(Session& session, Done done) : session_(&session), done_(std::move(done)) {}

    void go_on(Next next) {
        Session& session = *session_;
        if (next == Next::receive) {
            const auto space = asio::buffer(session.space_.data(), session.space_.size());
            session.socket_.async_read_some(space, std::move(*this));
        } else if (next == Next::yield) {
            session.enter(Phase::writing, session.around_.about_now);
            const auto executor = session.socket_.get_executor();
            // The loop's own executor, not the wrapper, whose every step is a call through a table.
            asio::post(*executor.template target<asio::io_context::executor_type>(), std::move(*this));
        } else {
            end(nullptr, next);
        }
    }

    /// Something was read.
    void operator()(ErrorCode failed, std::size_t count) {
        take_turn([&] { return session_->end_receiving(failed ? 0 : count); });
    }

    /// The others had their turn.
    void operator()() {
        take_turn([this] { return session_->proceed(); });
    }

  private:
    template <class Turn>
    void take_turn(Turn turn) {
        Next next = Next::close;
        try {
            next = turn();
        } catch (...) {
            end(std::current_exception(), next);
            return;
        }
        go_on(next);
    }

    void end(std::exception_ptr thrown, Next next) { std::move(done_)(std::move(thrown), next); }

    Session* session_;
    Done done_;
};

// Begins with receive or yield, and ends where the coroutine has to do something.
Task<Session::Next> Session::go_rounds(Next next) {
    return asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr, Next)>(
        [this, next](auto done) { Rounds(*this, std::move(done)).go_on(next); }, asio::use_awaitable);
}

// The rest of an answer from memory, whose first bytes were taken.
Task<Session::Next> Session::write_rest() {
    enter(Phase::writing);
    ErrorCode failed;
    co_await asio::async_write(socket_, unsent_, asio::redirect_error(asio::use_awaitable, failed));
    forget_ready();
    if (failed || closes_after_answer_) co_return Next::close;
    co_return proceed();
}

}  // namespace tributary::http
