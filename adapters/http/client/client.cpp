#include "adapters/http/client/client.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <boost/asio/error.hpp>

#include <boost/system/system_error.hpp>
#include <optional>

#include "adapters/http/client/connection.hpp"
#include "adapters/http/client/exchange.hpp"
#include "adapters/http/client/pool.hpp"
#include "adapters/http/client/request.hpp"
#include "adapters/http/client/tls.hpp"
#include "adapters/http/client/transport_error.hpp"

namespace tributary::http {

namespace asio = boost::asio;
using domain::Errc;
using domain::fail;
using domain::Result;
using domain::ports::HttpAnswer;
using domain::ports::HttpCall;
using domain::ports::Task;

struct HttpClient::State {
    asio::any_io_executor executor;
    ClientOptions options;
    std::vector<Origin> plain_origins;
    std::shared_ptr<asio::ssl::context> tls;
    std::shared_ptr<Pool> pool;
    /// Ends with the client: its threads must not outlive the io_context, which sends under way may.
    std::unique_ptr<Resolver> resolver;
};

namespace {

Result<std::vector<Origin>> parse_plain_origins(const std::vector<std::string>& texts) {
    std::vector<Origin> origins;
    for (const std::string& text : texts) {
        auto origin = parse_origin(text);
        if (!origin || origin->tls) {
            return fail(Errc::configuration,
                        "An origin allowed without TLS is not of the form http://host:port; correct it");
        }
        origins.push_back(std::move(*origin));
    }
    return origins;
}

Result<Origin> origin_of(const HttpCall& call, const std::vector<Origin>& plain_origins) {
    auto origin = parse_origin(call.origin);
    if (!origin) {
        return fail(Errc::configuration,
                    "The base URL is not of the form https://host or https://host:port; correct it");
    }
    if (!origin->tls && std::ranges::find(plain_origins, *origin) == plain_origins.end()) {
        return fail(Errc::configuration,
                    fmt::format("{}: http:// is not allowed for this origin; use https:// or allow it",
                                origin->host));
    }
    return std::move(*origin);
}

/// Errc::throttled where whoever sends the call changed their mind while a connection was being made.
Result<void> leave(const HttpCall& call) {
    if (call.may_leave && !call.may_leave()) {
        return fail(Errc::throttled, "The request was held back before it was sent; send it again later.");
    }
    return {};
}

}  // namespace

HttpClient::HttpClient(std::shared_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<HttpClient>> HttpClient::create(asio::any_io_executor executor,
                                                       ClientOptions options) {
    auto plain_origins = parse_plain_origins(options.plain_origins);
    if (!plain_origins) {
        return std::unexpected(std::move(plain_origins.error()));
    }
    auto tls = make_tls_context(options.ca_file);
    if (!tls) {
        return std::unexpected(std::move(tls.error()));
    }
    auto state = std::make_shared<State>();
    state->pool = std::make_shared<Pool>(executor, options);
    state->resolver = std::make_unique<Resolver>(executor, options.resolver_threads);
    state->executor = std::move(executor);
    state->options = std::move(options);
    state->plain_origins = std::move(*plain_origins);
    state->tls = std::move(*tls);
    return std::unique_ptr<HttpClient>(new HttpClient(std::move(state)));
}

HttpClient::~HttpClient() {
    state_->pool->close();
    state_->resolver.reset();
}

Task<Result<HttpAnswer>> HttpClient::send(HttpCall call) {
    return run_or_cancel(state_, std::move(call));
}

Task<Result<HttpAnswer>> HttpClient::run_or_cancel(std::shared_ptr<State> state, HttpCall call) {
    try {
        co_return co_await run(std::move(state), std::move(call));
    } catch (const boost::system::system_error& error) {
        // Asio throws where a cancelled coroutine goes on to its next await.
        if (error.code() != asio::error::operation_aborted) {
            throw;
        }
    }
    co_return std::unexpected(cancelled());
}

Task<Result<HttpAnswer>> HttpClient::run(std::shared_ptr<State> state, HttpCall call) {
    const Result<Origin> origin = origin_of(call, state->plain_origins);
    if (!origin) {
        co_return std::unexpected(origin.error());
    }
    const Result<std::string> wire = wire_text(call, *origin);
    if (!wire) {
        co_return std::unexpected(wire.error());
    }
    const ClientOptions& options = state->options;
    const Result<Pool::Turn> turn =
        co_await state->pool->wait_for_turn(*origin, from_now(options.queue_limit));
    if (!turn) {
        co_return std::unexpected(turn.error());
    }
    const Deadline whole = from_now(options.whole_limit);
    const Terms terms{origin->host, options, whole};
    std::unique_ptr<Connection> kept = call.method == "GET" ? state->pool->take_idle(*origin) : nullptr;
    if (kept) {
        if (Result<void> left = leave(call); !left) {
            state->pool->keep_idle(*origin, std::move(kept));
            co_return std::unexpected(std::move(left).error());
        }
        Exchange first = co_await exchange(*kept, *wire, terms);
        if (first.reusable) {
            state->pool->keep_idle(*origin, std::move(kept));
        }
        if (!first.peer_was_gone) {
            co_return std::move(first.answer);
        }
        kept.reset();
    }
    const Dialling dialling{state->executor, *state->resolver, *state->tls, options};
    Result<std::unique_ptr<Connection>> fresh = co_await open_connection(dialling, *origin, whole);
    if (!fresh) {
        co_return std::unexpected(std::move(fresh.error()));
    }
    if (Result<void> left = leave(call); !left) {
        state->pool->keep_idle(*origin, std::move(*fresh));
        co_return std::unexpected(std::move(left).error());
    }
    Exchange exchanged = co_await exchange(**fresh, *wire, terms);
    if (exchanged.reusable) {
        state->pool->keep_idle(*origin, std::move(*fresh));
    }
    co_return std::move(exchanged.answer);
}

}  // namespace tributary::http
