// What a command is given, and how it answers: data to stdout (text or JSON), messages to stderr.
#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/load.hpp"
#include "domain/error.hpp"
#include "domain/json/value.hpp"
#include "domain/ports/admin_store.hpp"
#include "domain/ports/task.hpp"
#include "services/app/exit_code.hpp"
#include "services/app/foundation.hpp"

namespace tributary::app {

struct CommandLine {
    config::Settings settings;
    std::vector<config::Origin> origins;
    /// Print JSON instead of text.
    bool json = false;
};

/// Prints the error's sentence to stderr and gives its exit code.
ExitCode report(const domain::Error& error);

/// Prints one object: as JSON, or as a line a member.
void print_object(const CommandLine& line, const json::Object& object);
/// Prints a list: as a JSON array, or as a table whose columns are the members of the first object.
void print_list(const CommandLine& line, const std::vector<json::Object>& rows);

/// A foundation on an io_context of its own, for commands that ask a few questions and end.
struct Workbench {
    boost::asio::io_context io{1};
    std::unique_ptr<Foundation> foundation;

    static domain::Result<std::unique_ptr<Workbench>> open(const CommandLine& line);

    /// Runs a coroutine to its end.
    template <class T>
    T run(domain::ports::Task<T> task) {
        std::optional<T> value;
        std::exception_ptr failure;
        boost::asio::co_spawn(io, keep(std::move(task), value),
                              [&failure](std::exception_ptr thrown) { failure = thrown; });
        io.restart();
        io.run();
        if (failure) {
            std::rethrow_exception(failure);
        }
        return std::move(*value);
    }

    /// The tenant named, or the only one there is where no name is given.
    domain::Result<domain::ports::Tenant> tenant(const std::string& name);

  private:
    template <class T>
    static domain::ports::Task<void> keep(domain::ports::Task<T> task, std::optional<T>& value) {
        value.emplace(co_await std::move(task));
    }
};

}  // namespace tributary::app
