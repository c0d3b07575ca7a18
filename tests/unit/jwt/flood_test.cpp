// Tokens with made-up key ids, from several threads, while the issuer publishes its keys over HTTP.
#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <thread>

#include "adapters/http/client/client.hpp"
#include "adapters/jwt/fetch_key_set.hpp"
#include "issuing.hpp"
#include "tests/support/text_server.hpp"

using namespace tributary;
using namespace tributary::jwt;
using namespace std::chrono_literals;

namespace {

/// A clock that a test sets while others read it.
class SharedClock final : public domain::ports::Clock {
  public:
    [[nodiscard]] domain::Timestamp now() const override {
        return domain::Timestamp(std::chrono::seconds(1'800'000'000));
    }

    [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const override {
        return std::chrono::steady_clock::time_point(std::chrono::milliseconds(at_ms));
    }

    domain::ports::Task<domain::Result<void>> sleep(std::chrono::steady_clock::duration /*time*/) override {
        co_return domain::Result<void>();
    }

    std::atomic<std::int64_t> at_ms = 1'000'000;
};

struct Published {
    const Signers& by = Signers::get();
    tests::TextServer server{by.published()};
    SharedClock clock;
    /// One a thread that asks; they outlive the keys, as the loops of a service do.
    std::array<boost::asio::io_context, 5> asking;
    boost::asio::io_context fetching;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard =
        boost::asio::make_work_guard(fetching);
    std::unique_ptr<http::HttpClient> client = connect();
    KeyCache keys{fetching.get_executor(), clock,
                  [this] { return fetch_key_set(*client, split_address(server.origin() + "/keys?a=b")); },
                  std::make_shared<spdlog::logger>("test")};
    Verifier verifier{{{"https://issuer.example", "tributary"}}, keys, clock};
    std::thread fetcher{[this] { fetching.run(); }};

    ~Published() {
        guard.reset();
        fetching.stop();
        fetcher.join();
    }

    std::unique_ptr<http::HttpClient> connect() {
        http::ClientOptions options;
        options.plain_origins.push_back(server.origin());
        auto made = http::HttpClient::create(fetching.get_executor(), std::move(options));
        REQUIRE(made);
        return std::move(*made);
    }

    [[nodiscard]] std::string unknown(int number) const {
        json::Object header = by.eddsa.header();
        json::set(header, "kid", "made up " + std::to_string(number));
        return by.eddsa.sign(header, tests::jwt_claims({}, clock.now()));
    }

    /// On the test's own thread.
    bool takes(const std::string& token) {
        return tests::run_task(asking.back(), verifier.verify(token)).has_value();
    }

    /// So many unknown keys from each of four threads; how many tokens were taken.
    int flood(int each) {
        std::atomic<int> taken = 0;
        std::vector<std::thread> threads;
        for (int thread = 0; thread < 4; ++thread) {
            threads.emplace_back([&, thread] {
                for (int i = 0; i < each; ++i) {
                    const std::string token = unknown(thread * each + i);
                    taken += tests::run_task(asking[static_cast<std::size_t>(thread)], verifier.verify(token))
                                 ? 1
                                 : 0;
                }
            });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        return taken;
    }
};

}  // namespace

TEST_CASE_FIXTURE(Published,
                  "a flood of unknown key ids asks the issuer once a minute, and known keys stay good") {
    const std::string good = by.es256.sign(tests::jwt_claims({}, clock.now()));
    for (int minute = 1; minute <= 5; ++minute) {
        CHECK(flood(100) == 0);
        CHECK(server.asked() == minute);
        CHECK(takes(good));
        clock.at_ms += 59'999;
        CHECK(flood(5) == 0);
        CHECK(server.asked() == minute);
        clock.at_ms += 1;
    }
}

TEST_CASE_FIXTURE(Published, "an answer that is no set of keys changes nothing that is known") {
    const std::string good = by.es256.sign(tests::jwt_claims({}, clock.now()));
    REQUIRE(takes(good));
    int asked = 1;
    for (const auto& [text, status] : {std::pair<std::string, int>{"{}", 200},
                                       {"", 200},
                                       {R"({"keys":[]})", 302},
                                       {R"({"keys":[]})", 500},
                                       {std::string(longest_key_set, ' ') + R"({"keys":[]})", 200}}) {
        CAPTURE(status);
        CAPTURE(text.size());
        server.serve(text, status);
        clock.at_ms += 60'000;
        CHECK_FALSE(takes(unknown(0)));
        CHECK(server.asked() == ++asked);
        CHECK(takes(good));
    }
}
