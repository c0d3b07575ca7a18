// One at a time among coroutines of one thread: whoever holds the turn runs, the others wait without
// blocking.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <deque>

#include "domain/ports/task.hpp"

namespace tributary::tdx {

class Turn {
  public:
    /// Gives the turn back when it goes.
    class Held {
      public:
        explicit Held(Turn& turn) : turn_(&turn) {}

        Held(Held&& other) noexcept;
        Held& operator=(Held&&) = delete;
        ~Held();

      private:
        Turn* turn_;
    };

    /// Ends once nobody else holds the turn. The Turn outlives every task and every Held.
    domain::ports::Task<Held> take();

  private:
    void give_back();

    bool held_ = false;
    std::deque<boost::asio::steady_timer*> waiting_;
};

}  // namespace tributary::tdx
