#include "tests/simulation/timeline.hpp"

#include <algorithm>

namespace tributary::simulation {

namespace asio = boost::asio;

template <class Handler>
class Timeline::HandlerWaiter final : public Waiter {
  public:
    explicit HandlerWaiter(Handler handler) : handler_(std::move(handler)) {}

    void go_on(boost::system::error_code error) override {
        auto slot = asio::get_associated_cancellation_slot(handler_);
        if (slot.is_connected()) {
            slot.clear();
        }
        const auto executor = asio::get_associated_executor(handler_);
        asio::post(executor, [handler = std::move(handler_), error]() mutable { std::move(handler)(error); });
    }

  private:
    Handler handler_;
};

Timeline::Event Timeline::pop() {
    auto first = events_.extract(events_.begin());
    now_ = std::max(now_, first.key().first);
    return std::move(first.mapped());
}

void Timeline::pass_until(Instant at) {
    now_ = std::max(now_, at);
}

void Timeline::at(Instant when, std::function<void()> action) {
    put_back(when, Event{0, nullptr, std::move(action)});
}

void Timeline::put_back(Instant when, Event event) {
    events_.emplace(Key(when, ++sequence_), std::move(event));
}

std::vector<Timeline::Event> Timeline::drop(ProcessId process) {
    std::vector<Event> dropped;
    for (auto it = events_.begin(); it != events_.end();) {
        if (it->second.process == process) {
            dropped.push_back(std::move(it->second));
            it = events_.erase(it);
        } else {
            ++it;
        }
    }
    return dropped;
}

domain::ports::Task<void> Timeline::wait(ProcessId process, Instant duration) {
    auto initiate = [this, process](auto handler, Instant when) {
        const std::uint64_t sequence = ++sequence_;
        if (auto slot = asio::get_associated_cancellation_slot(handler); slot.is_connected()) {
            slot.assign([this, sequence](asio::cancellation_type) { cancel(sequence); });
        }
        using Waiting = HandlerWaiter<decltype(handler)>;
        events_.emplace(Key(when, sequence),
                        Event{process, std::make_unique<Waiting>(std::move(handler)), nullptr});
    };
    const Instant when = now_ + std::max(duration, Instant(0));
    co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(boost::system::error_code)>(
        std::move(initiate), asio::use_awaitable, when);
}

void Timeline::cancel(std::uint64_t sequence) {
    const auto found =
        std::ranges::find_if(events_, [&](const auto& entry) { return entry.first.second == sequence; });
    if (found == events_.end()) {
        return;
    }
    Event event = std::move(found->second);
    events_.erase(found);
    event.waiter->go_on(asio::error::operation_aborted);
}

}  // namespace tributary::simulation
