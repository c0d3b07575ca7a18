// Why and when the service ends: somebody asked for it, or a part that it cannot do without failed.
#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/signal_set.hpp>

#include "domain/ports/task.hpp"

namespace tributary::app {

class Ending {
  public:
    /// SIGTERM and SIGINT are ours from here on. `executor` is the one that wait() runs on.
    explicit Ending(const boost::asio::any_io_executor& executor);

    /// Until one of the signals, or until fail().
    domain::ports::Task<void> wait();
    /// A part failed: the service ends, and not well. Any thread, also before wait().
    void fail();

    [[nodiscard]] bool failed() const { return failed_; }

  private:
    boost::asio::signal_set signals_;
    std::atomic<bool> failed_ = false;
};

}  // namespace tributary::app
