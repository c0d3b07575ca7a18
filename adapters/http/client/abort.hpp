// Ends a send at once, whatever it is waiting for. Asio's own cancellation can miss an operation made of
// several steps (a handshake, a read of a message) when it arrives between two of them; here the thing waited
// for is closed instead.
#pragma once

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/error_code.hpp>
#include <functional>
#include <memory>
#include <utility>

namespace tributary::http {

class Abort {
    struct State {
        void request() {
            requested = true;
            if (stop) stop();
        }

        bool requested = false;
        std::function<void()> stop;
    };

  public:
    /// `slot` is the coroutine's own, or one that is not connected.
    explicit Abort(boost::asio::cancellation_slot slot = {}) : slot_(slot) {}

    Abort(const Abort&) = delete;
    Abort& operator=(const Abort&) = delete;

    [[nodiscard]] bool requested() const { return state_->requested; }

    /// While it lives, a cancellation runs `stop`, which makes what is awaited meanwhile fail. One at a time.
    class Scope {
      public:
        Scope(Abort& abort, std::function<void()> stop) : state_(*abort.state_) {
            state_.stop = std::move(stop);
        }

        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;

        ~Scope() { state_.stop = nullptr; }

      private:
        State& state_;
    };

    /// Awaits the operation it is given to, which ends early by this alone. The error goes to `error`, which
    /// must outlive the operation.
    auto awaiting(boost::system::error_code& error) {
        // Asio clears the coroutine's slot after every operation.
        if (slot_.is_connected()) {
            slot_.assign([weak = std::weak_ptr(state_)](boost::asio::cancellation_type) {
                if (const auto state = weak.lock()) state->request();
            });
        }
        return boost::asio::bind_cancellation_slot(
            boost::asio::cancellation_slot(), boost::asio::redirect_error(boost::asio::use_awaitable, error));
    }

  private:
    boost::asio::cancellation_slot slot_;
    /// Weakly held by the slot: its owner may cancel after the io_context has destroyed the coroutine.
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

}  // namespace tributary::http
