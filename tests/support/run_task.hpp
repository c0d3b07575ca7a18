// Runs a coroutine to its end on an io_context of its own and hands over what it returned.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "domain/ports/task.hpp"

namespace tributary::tests {

template <class T>
T run_task(boost::asio::io_context& io, domain::ports::Task<T> task) {
    std::optional<T> result;
    std::exception_ptr failure;
    boost::asio::co_spawn(
        io,
        [](domain::ports::Task<T> inner, std::optional<T>& out) -> domain::ports::Task<void> {
            out.emplace(co_await std::move(inner));
        }(std::move(task), result),
        [&failure](std::exception_ptr thrown) { failure = thrown; });
    io.restart();
    io.run();
    if (failure) {
        std::rethrow_exception(failure);
    }
    return std::move(*result);
}

template <class T>
T run_task(domain::ports::Task<T> task) {
    boost::asio::io_context io;
    return run_task(io, std::move(task));
}

}  // namespace tributary::tests
