// A streamed body that the test makes, piece by piece, from its own thread.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "domain/ports/http.hpp"

namespace tributary::tests {

class FedStream : public domain::ports::ReplyStream {
  public:
    /// A `deaf` one goes on after stop() until its waiting is cancelled.
    explicit FedStream(bool deaf = false) : deaf_(deaf) {}

    domain::ports::Task<std::optional<std::string>> next() override;
    void stop() noexcept override;

    void give(std::string piece);
    /// Nothing comes after what was given.
    void finish();
    /// The next piece is an exception.
    void fail();

    /// Whether so many pieces were asked for, within ten seconds.
    bool is_asked(int times);
    /// Whether stop() was called, within ten seconds.
    bool is_stopped();

    [[nodiscard]] int times_asked();
    [[nodiscard]] int times_stopped();

  private:
    void wake();

    const bool deaf_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<std::string> pieces_;
    bool finished_ = false;
    std::exception_ptr failure_;
    int asked_ = 0;
    int stopped_ = 0;
    /// Of a waiting next(). Weak, because the test's hold on the source may outlive the loops.
    std::weak_ptr<boost::asio::steady_timer> timer_;
};

/// A reply of this stream.
domain::ports::HttpReply reply_of(std::shared_ptr<domain::ports::ReplyStream> stream, std::string body = {});

}  // namespace tributary::tests
