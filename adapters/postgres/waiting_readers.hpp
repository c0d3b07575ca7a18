// Readers who wait for one answer, each on its own event loop.
#pragma once

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <utility>
#include <vector>

#include "domain/ports/task.hpp"

namespace tributary::postgres {

/// Somebody who waits to be told an Answer.
template <class Answer>
struct WaitingReader {
    boost::asio::any_io_executor home;
    /// On its home's thread.
    std::move_only_function<void(Answer)> done;
};

/// What readers are told.
template <class Answer>
class Answers {
  public:
    void add(WaitingReader<Answer> reader, Answer answer) {
        auto home = std::ranges::find(homes_, reader.home, &Home::executor);
        if (home == homes_.end()) home = homes_.insert(home, Home{reader.home, {}});
        home->told.emplace_back(std::move(reader), std::move(answer));
    }

    /// One post for each loop: waking one costs more than an answer does.
    void send() {
        for (Home& home : homes_) {
            boost::asio::post(home.executor, [told = std::move(home.told)]() mutable {
                for (auto& [reader, answer] : told) {
                    reader.done(std::move(answer));
                }
            });
        }
        homes_.clear();
    }

  private:
    struct Home {
        boost::asio::any_io_executor executor;
        std::vector<std::pair<WaitingReader<Answer>, Answer>> told;
    };

    std::vector<Home> homes_;
};

/// Gives the caller to `join` as a reader, and waits for what he is told. Runs on the caller's executor,
/// which one thread runs and which is held open meanwhile.
template <class Answer, class Join>
domain::ports::Task<Answer> wait_as_reader(Join join) {
    namespace asio = boost::asio;
    const asio::any_io_executor home = co_await asio::this_coro::executor;
    const auto initiate = [home](auto handler, Join to) {
        auto at_work = asio::prefer(home, asio::execution::outstanding_work_t::tracked);
        to(WaitingReader<Answer>{home, [at_work, handler = std::move(handler)](Answer answer) mutable {
                                     std::move(handler)(std::move(answer));
                                 }});
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(Answer)>(
        initiate, asio::use_awaitable, std::move(join));
}

}  // namespace tributary::postgres
