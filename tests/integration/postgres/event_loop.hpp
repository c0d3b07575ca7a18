// An event loop on a thread of its own, and readers who ask on it.
#pragma once

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "domain/ports/task.hpp"

namespace tributary::tests {

/// What one reader was told, and whether on the thread where he asked.
template <class Answer>
struct ToldAt {
    Answer answer;
    bool at_home = false;
};

/// Throws where he is told nothing.
template <class Answer>
ToldAt<Answer> told(std::future<ToldAt<Answer>>& reader) {
    if (reader.wait_for(std::chrono::seconds(20)) != std::future_status::ready) {
        throw std::runtime_error("a reader was not answered");
    }
    return reader.get();
}

class EventLoop {
  public:
    EventLoop() : thread_([this] { io_.run(); }) {}

    ~EventLoop() {
        work_.reset();
        thread_.join();
    }

    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    /// Returns once every one of these asked, all in one turn of the loop.
    template <class Answer>
    std::vector<std::future<ToldAt<Answer>>> ask(
        const std::vector<std::function<domain::ports::Task<Answer>()>>& questions,
        boost::asio::cancellation_signal* gone = nullptr) {
        std::vector<std::future<ToldAt<Answer>>> readers;
        std::promise<void> asked;
        boost::asio::post(io_, [&] {
            for (const auto& question : questions)
                readers.push_back(start(question, gone));
            // Behind the readers' first steps.
            boost::asio::post(io_, [&] { asked.set_value(); });
        });
        asked.get_future().wait();
        return readers;
    }

    /// On the loop's thread.
    void cancel(boost::asio::cancellation_signal& gone) {
        std::promise<void> done;
        boost::asio::post(io_, [&] {
            gone.emit(boost::asio::cancellation_type::terminal);
            done.set_value();
        });
        done.get_future().wait();
    }

    /// At once, whatever waits; who has asked is told nothing any more.
    void stop() { io_.stop(); }

  private:
    template <class Answer>
    static domain::ports::Task<ToldAt<Answer>> answered(
        std::function<domain::ports::Task<Answer>()> question) {
        const auto home = std::this_thread::get_id();
        Answer answer = co_await question();
        co_return ToldAt<Answer>{std::move(answer), std::this_thread::get_id() == home};
    }

    template <class Answer>
    std::future<ToldAt<Answer>> start(const std::function<domain::ports::Task<Answer>()>& question,
                                      boost::asio::cancellation_signal* gone) {
        auto promise = std::make_shared<std::promise<ToldAt<Answer>>>();
        auto tell = [promise](const std::exception_ptr& thrown, ToldAt<Answer> one) {
            thrown ? promise->set_exception(thrown) : promise->set_value(std::move(one));
        };
        if (gone == nullptr) {
            boost::asio::co_spawn(io_, answered<Answer>(question), tell);
        } else {
            boost::asio::co_spawn(io_, answered<Answer>(question),
                                  boost::asio::bind_cancellation_slot(gone->slot(), tell));
        }
        return promise->get_future();
    }

    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
    std::thread thread_;
};

}  // namespace tributary::tests
