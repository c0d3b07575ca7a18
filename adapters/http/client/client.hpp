// The HTTPS client behind the provider adapters.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "adapters/http/client/options.hpp"
#include "domain/error.hpp"
#include "domain/ports/http.hpp"

namespace tributary::http {

/// Runs on the single thread of its executor; send() is awaited there. Connections are kept and used again
/// for GET alone: a kept connection may have died unseen, and only a GET can be sent once more without harm
/// (which happens once, where no byte of an answer came). All other methods start on a connection of their
/// own.
class HttpClient final : public domain::ports::HttpTransport {
  public:
    /// Errc::configuration where the CA file cannot be read or an entry of plain_origins is no http://
    /// origin.
    static domain::Result<std::unique_ptr<HttpClient>> create(boost::asio::any_io_executor executor,
                                                              ClientOptions options);

    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;
    /// Must come before the end of the executor's io_context. Tasks must have ended or never be resumed
    /// again; it is fine to let the io_context destroy them.
    ~HttpClient() override;

    domain::ports::Task<domain::Result<domain::ports::HttpAnswer>> send(
        domain::ports::HttpCall call) override;

  private:
    struct State;
    explicit HttpClient(std::shared_ptr<State> state);
    // Both hold the state themselves: the io_context may destroy a send after the client.
    static domain::ports::Task<domain::Result<domain::ports::HttpAnswer>> run_or_cancel(
        std::shared_ptr<State> state, domain::ports::HttpCall call);
    static domain::ports::Task<domain::Result<domain::ports::HttpAnswer>> run(std::shared_ptr<State> state,
                                                                              domain::ports::HttpCall call);
    std::shared_ptr<State> state_;
};

}  // namespace tributary::http
