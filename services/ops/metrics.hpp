// What the service counts about itself, for /metrics. Labels are bounded: routes are templates, never paths;
// no tenant, no connection, no id.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace tributary::ops {

/// Thread-safe.
class Metrics {
  public:
    explicit Metrics(std::string_view version);
    ~Metrics();
    Metrics(const Metrics&) = delete;
    Metrics& operator=(const Metrics&) = delete;

    void count_request(std::string_view route, std::string_view method, int status,
                       std::chrono::nanoseconds elapsed);
    /// The same, for answers from memory: cheap, and seen when text() is asked for.
    void count_ready(std::string_view route, std::string_view method, int status,
                     std::chrono::nanoseconds elapsed);
    void count_run(std::string_view provider, std::string_view state, std::chrono::nanoseconds elapsed);
    /// `kind` and `outcome` are of closed lists: domain::ports::ActionKind, and "succeeded" or the code of a
    /// problem.
    void count_action(std::string_view kind, std::string_view outcome);
    /// Rows of the past that were kept long enough.
    void count_deleted_history(std::size_t rows);
    void set_open_connections(std::uint64_t count);
    /// Documents in memory, the bytes that they take, and how many went to make room so far.
    void set_cache(std::uint64_t documents, std::uint64_t bytes, std::uint64_t evicted);

    /// Prometheus text format.
    [[nodiscard]] std::string text() const;

  private:
    struct Families;
    std::unique_ptr<Families> families_;
};

}  // namespace tributary::ops
