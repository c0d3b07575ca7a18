// A port that belongs to this process alone, shared by several acceptors of our own.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "domain/error.hpp"

namespace tributary::http {

/// One listening acceptor for each loop, all on the same address and port. Errc::configuration where the
/// address is none of ours, the port is taken or needs privileges.
domain::Result<std::vector<boost::asio::ip::tcp::acceptor>> bind_acceptors(
    std::span<boost::asio::io_context* const> loops, const std::string& address, std::uint16_t port);

}  // namespace tributary::http
