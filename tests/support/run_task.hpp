// Runs a coroutine to its end on an io_context of its own and hands over what it returned.
#pragma once

#include <boost/asio/io_context.hpp>
#include <optional>
#include <utility>

#include "domain/ports/task.hpp"

namespace tributary::tests {

/// Runs io until the task is done; throws what the task threw. Compiled once, unlike all that depends on a
/// result's type.
void run_to_end(boost::asio::io_context& io, domain::ports::Task<void> task);

template <class T>
domain::ports::Task<void> keep_result(domain::ports::Task<T> task, std::optional<T>& result) {
    result.emplace(co_await std::move(task));
}

template <class T>
T run_task(boost::asio::io_context& io, domain::ports::Task<T> task) {
    std::optional<T> result;
    run_to_end(io, keep_result(std::move(task), result));
    return std::move(*result);
}

template <class T>
T run_task(domain::ports::Task<T> task) {
    boost::asio::io_context io;
    return run_task(io, std::move(task));
}

}  // namespace tributary::tests
