// A PostgreSQL cluster that lives as long as its object: initdb into a temporary folder, a server on a Unix
// socket alone.
#pragma once

#include <sys/types.h>

#include <string>

namespace tributary::tests {

/// The path of one of PostgreSQL's programs, of the newest version there is. Throws std::runtime_error where
/// there is none.
std::string server_program(const std::string& name);

class ThrowawayCluster {
  public:
    /// Without durability nothing is ever forced to disk, which tests do not need and benchmarks must not
    /// leave out. Throws std::runtime_error where the server programs are missing or do not start.
    explicit ThrowawayCluster(bool durable = false);
    ~ThrowawayCluster();
    ThrowawayCluster(const ThrowawayCluster&) = delete;
    ThrowawayCluster& operator=(const ThrowawayCluster&) = delete;

    /// libpq connection string of the superuser, to the database `postgres`.
    [[nodiscard]] const std::string& superuser_url() const { return url_; }

  private:
    void stop() noexcept;

    std::string folder_;
    std::string url_;
    pid_t server_ = -1;
};

}  // namespace tributary::tests
