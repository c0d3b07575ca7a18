// What a client may be told. The defaults are for providers on the internet; tests use smaller ones.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace tributary::http {

struct ClientOptions {
    /// How long a send may wait for its turn where its origin is busy.
    std::chrono::milliseconds queue_limit{30'000};
    /// Name lookup and TCP, over all addresses of the host.
    std::chrono::milliseconds connect_limit{5'000};
    std::chrono::milliseconds tls_limit{5'000};
    /// From the first byte of the request to the last byte of the answer's header block.
    std::chrono::milliseconds header_limit{10'000};
    /// From the start of connecting to the last byte of the body. Waiting for a turn does not count.
    std::chrono::milliseconds whole_limit{30'000};

    std::size_t max_header_bytes = std::size_t{16} * 1024;
    std::size_t max_body_bytes = std::size_t{8} * 1024 * 1024;

    /// Sends to one origin at a time; further ones wait in order.
    std::size_t sends_per_origin = 8;
    /// Connections kept open for one origin, and for how long. Closed when the next send looks at them.
    std::size_t idle_per_origin = 4;
    std::chrono::milliseconds idle_age{20'000};

    /// `http://host:port` origins that may be asked without TLS, as long as they resolve to loopback.
    std::vector<std::string> plain_origins = {};
    /// PEM certificates trusted besides the system's; empty for none.
    std::filesystem::path ca_file = {};
    /// Threads for name lookups, so that a slow one does not hold up the others.
    std::size_t resolver_threads = 4;
};

}  // namespace tributary::http
