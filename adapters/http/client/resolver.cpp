#include "adapters/http/client/resolver.hpp"

#include <atomic>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>

#include "adapters/http/client/awaiting.hpp"
#include "adapters/http/client/transport_error.hpp"

namespace tributary::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using domain::Errc;
using domain::Result;

namespace {

/// One question on its way. The asking side waits on the timer, which the answer cancels.
struct Question {
    explicit Question(const asio::any_io_executor& home) : answered(home) {}

    asio::steady_timer answered;
    std::optional<Result<Endpoints>> answer;
    /// Nobody waits any more: a thread that gets to it late need not look it up.
    std::atomic<bool> abandoned = false;
};

struct AbandonAtExit {
    explicit AbandonAtExit(Question& asked) : question(asked) {}

    AbandonAtExit(const AbandonAtExit&) = delete;
    AbandonAtExit& operator=(const AbandonAtExit&) = delete;

    ~AbandonAtExit() { question.abandoned = true; }

    Question& question;
};

}  // namespace

Resolver::Resolver(asio::any_io_executor home, std::size_t threads, Lookup lookup)
    : home_(std::move(home)), lookup_(std::move(lookup)), threads_(threads) {}

Resolver::~Resolver() {
    threads_.stop();
    threads_.join();
}

domain::ports::Task<Result<Endpoints>> Resolver::resolve(std::string host, std::uint16_t port,
                                                         Deadline deadline) {
    boost::system::error_code error;
    if (const auto address = asio::ip::make_address(host, error); !error) {
        co_return Endpoints{tcp::endpoint(address, port)};
    }
    const auto question = std::make_shared<Question>(home_);
    const AbandonAtExit abandon(*question);
    asio::post(threads_, [question, host, port, home = home_, &lookup = lookup_] {
        if (question->abandoned) {
            return;
        }
        Result<Endpoints> answer = lookup(host, port);
        asio::post(home, [question, answer = std::move(answer)]() mutable {
            question->answer = std::move(answer);
            question->answered.cancel();
        });
    });

    question->answered.expires_at(deadline);
    co_await question->answered.async_wait(awaiting(error));
    if (question->answer) {
        co_return std::move(*question->answer);
    }
    co_return std::unexpected(error ? cancelled() : timed_out(host, "address"));
}

Result<Endpoints> Resolver::system_lookup(const std::string& host, std::uint16_t port) {
    asio::io_context here;
    tcp::resolver resolver(here);
    boost::system::error_code error;
    const auto found = resolver.resolve(host, std::to_string(port), tcp::resolver::numeric_service, error);
    if (error || found.empty()) {
        return domain::fail(Errc::unavailable, host + ": no address for this name (" + error.message() +
                                                   "); check the base URL and the name servers");
    }
    Endpoints endpoints;
    for (const auto& entry : found) {
        endpoints.push_back(entry.endpoint());
    }
    return endpoints;
}

}  // namespace tributary::http
