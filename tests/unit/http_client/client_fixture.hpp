// A client of its own on an io_context of its own. Limits are long enough never to pass by accident; a test
// of a limit makes that one short.
#pragma once

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string>

#include "adapters/http/client/client.hpp"
#include "raw_peer.hpp"
#include "tests/support/run_task.hpp"

namespace tributary::tests {

struct ClientFixture {
    boost::asio::io_context io;
    http::ClientOptions options;
    std::unique_ptr<http::HttpClient> client;

    /// Uses the options as they are at the first call.
    http::HttpClient& the_client() {
        if (!client) {
            auto created = http::HttpClient::create(io.get_executor(), options);
            REQUIRE(created);
            client = std::move(*created);
        }
        return *client;
    }

    domain::Result<domain::ports::HttpAnswer> send(domain::ports::HttpCall call) {
        return run_task(io, the_client().send(std::move(call)));
    }

    /// GET at a plain peer.
    domain::Result<domain::ports::HttpAnswer> get(const RawPeer& peer, std::string target = "/") {
        if (!client) options.plain_origins.push_back(peer.plain_origin());
        return send({.origin = peer.plain_origin(), .target = std::move(target)});
    }
};

}  // namespace tributary::tests
