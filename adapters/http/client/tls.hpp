// TLS towards providers: version 1.2 or later, certificate and host name always verified. There is no switch.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "domain/error.hpp"

namespace tributary::http {

/// Trusts the system's store and the certificates of `ca_file` (PEM; empty for none). Errc::configuration
/// where the file cannot be read.
domain::Result<std::shared_ptr<boost::asio::ssl::context>> make_tls_context(
    const std::filesystem::path& ca_file);

/// Before the handshake: which host must stand in the certificate, and its name for the server (SNI).
void expect_host(SSL* session, const std::string& host);

/// After a failed handshake: configuration where retrying cannot help, else unavailable, timed_out or
/// cancelled.
domain::Error handshake_error(SSL* session, const std::string& host, const boost::system::error_code& error);

}  // namespace tributary::http
