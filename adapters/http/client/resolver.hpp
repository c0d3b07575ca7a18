// Host names to addresses. Asio has a single thread for that, where one slow name holds up all others; here a
// few threads look up, and nobody waits longer than its own deadline.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <string>
#include <vector>

#include "adapters/http/client/deadline.hpp"
#include "adapters/http/client/origin.hpp"
#include "domain/error.hpp"
#include "domain/ports/task.hpp"

namespace tributary::http {

using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;

class Resolver {
  public:
    /// Blocks until it knows; called on a thread of the resolver.
    using Lookup = std::function<domain::Result<Endpoints>(const std::string& host, std::uint16_t port)>;

    /// Callers await on the thread of `home`, which must outlive the resolver.
    Resolver(boost::asio::any_io_executor home, std::size_t threads, Lookup lookup = &system_lookup);
    /// Waits for lookups under way; the system's own limits bound them.
    ~Resolver();

    /// At least one address. Errc::unavailable, timed_out or cancelled.
    domain::ports::Task<domain::Result<Endpoints>> resolve(std::string host, std::uint16_t port,
                                                           Deadline deadline);

    /// getaddrinfo.
    static domain::Result<Endpoints> system_lookup(const std::string& host, std::uint16_t port);

  private:
    boost::asio::any_io_executor home_;
    Lookup lookup_;
    boost::asio::thread_pool threads_;
};

}  // namespace tributary::http
