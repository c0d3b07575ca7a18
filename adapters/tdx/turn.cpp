#include "adapters/tdx/turn.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <utility>

namespace tributary::tdx {

namespace asio = boost::asio;

namespace {

/// Keeps a waiter's timer in the queue for exactly as long as its coroutine waits, however the wait ends.
class Place {
  public:
    Place(std::deque<asio::steady_timer*>& queue, asio::steady_timer& timer) : queue_(queue), timer_(&timer) {
        queue_.push_back(timer_);
    }

    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    ~Place() { std::erase(queue_, timer_); }

  private:
    std::deque<asio::steady_timer*>& queue_;
    asio::steady_timer* timer_;
};

}  // namespace

Turn::Held::Held(Held&& other) noexcept : turn_(std::exchange(other.turn_, nullptr)) {}

Turn::Held::~Held() {
    if (turn_ != nullptr) {
        turn_->give_back();
    }
}

domain::ports::Task<Turn::Held> Turn::take() {
    const auto executor = co_await asio::this_coro::executor;
    // A timer that never fires is Asio's way to wait for somebody's word: cancelling it is the word. A waiter
    // that is itself cancelled leaves by exception at its next wait.
    while (held_) {
        asio::steady_timer timer(executor, asio::steady_timer::time_point::max());
        const Place place(waiting_, timer);
        boost::system::error_code ignored;
        co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
    held_ = true;
    co_return Held(*this);
}

void Turn::give_back() {
    held_ = false;
    if (!waiting_.empty()) {
        waiting_.front()->cancel();
    }
}

}  // namespace tributary::tdx
