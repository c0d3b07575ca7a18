// One Upvest session over a fake provider: what it asked, and the answers it is given.
#pragma once

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "adapters/upvest/provider.hpp"
#include "tests/support/run_task.hpp"
#include "tests/unit/upvest/fakes.hpp"
#include "tests/unit/upvest/fixtures.hpp"

namespace tributary::tests {

inline constexpr std::string_view empty_list =
    R"({"meta":{"offset":0,"limit":1000,"count":0,"total_count":0},"data":[]})";

struct World {
    World() {
        answers["/auth/token"] = [this] {
            ++tokens_given;
            return answer(200, R"({"access_token":"token-)" + std::to_string(tokens_given) +
                                   R"(","expires_in":1799,"token_type":"bearer"})");
        };
        auto opened = upvest::make_provider()->open(context(), {transport, clock, random});
        REQUIRE(opened);
        session = std::move(*opened);
    }

    static domain::ports::ConnectionContext context() {
        domain::ports::ConnectionContext context;
        context.base_url = "https://sandbox.upvest.co";
        json::set(context.credentials, "client_id", "5ec16164-6173-461d-b90d-116d68f55b40");
        json::set(context.credentials, "client_secret", "s3cret/+&= ü");
        json::set(context.credentials, "key_id", "8d4997a8-cf7a-4e51-adbb-401656a3e5c2");
        json::set(context.credentials, "private_key_pem", vector_key_pem());
        return context;
    }

    domain::Result<domain::ports::HttpAnswer> respond(const domain::ports::HttpCall& call) {
        const auto found = answers.find(call.target.substr(0, call.target.find('?')));
        return found == answers.end() ? answer(200, std::string(empty_list)) : found->second();
    }

    domain::Result<domain::Page> fetch(const std::string& stream,
                                       domain::ports::PageRequest request = {{}, 0, 1000}) {
        return run_task(io, session->fetch(stream, std::move(request)));
    }

    domain::Result<domain::Page> read(const std::string& stream, const std::string& id) {
        return run_task(io, session->read(stream, id));
    }

    boost::asio::io_context io;
    FakeTransport transport{[this](const auto& call) { return respond(call); }};
    FakeClock clock;
    FakeRandom random;
    /// By path. Any other path is an empty list.
    std::map<std::string, std::function<domain::Result<domain::ports::HttpAnswer>()>> answers;
    int tokens_given = 0;
    std::unique_ptr<domain::ports::ProviderSession> session;
};

}  // namespace tributary::tests
