// Sends the pieces of a streamed body as they are made, and notices when nobody wants them any more. Lives on
// its connection's thread only.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

#include "adapters/http/server/listener.hpp"
#include "adapters/http/server/reply.hpp"
#include "domain/ports/http.hpp"

namespace tributary::http {

class StreamSender : public std::enable_shared_from_this<StreamSender> {
  public:
    /// The head was sent. Socket and limits outlive it.
    StreamSender(boost::asio::ip::tcp::socket& socket, std::shared_ptr<domain::ports::ReplyStream> source,
                 Framing framing, const PhaseLimits& limits);

    /// Ends when the stream does, with what the source threw; then its body was left without an end. From the
    /// start on the reading side is watched: a reader that closes, breaks off or sends another request stops
    /// the source. Its bytes stay unread.
    domain::ports::Task<std::exception_ptr> run();

    /// Asks for no further piece; a next() under way is told. The body still gets its end.
    void stop() noexcept;

    enum class Overdue { no, told_to_stop, lost };

    /// Stops a source that is silent for too long. `lost`: only cutting the connection helps, and cancelling
    /// run(), because the reader does not read or the source does not stop.
    Overdue check_deadline(std::chrono::steady_clock::time_point now);
    /// The connection is cut: run() ends as soon as the source lets it.
    void abandon() noexcept;

  private:
    enum class Step { making, stopping, writing };

    void watch_reader();
    void enter(Step step);
    domain::ports::Task<bool> write(std::string before, std::string piece, std::string_view after);

    boost::asio::ip::tcp::socket& socket_;
    std::shared_ptr<domain::ports::ReplyStream> source_;
    Framing framing_;
    const PhaseLimits& limits_;
    Step step_ = Step::writing;
    std::chrono::steady_clock::time_point deadline_;
    bool stopped_ = false;
    bool abandoned_ = false;
};

}  // namespace tributary::http
