// The transport of whoever carries out an action: what they may not send any more is held back, however long
// it waited for a sign-in, a budget or a connection.
#pragma once

#include <functional>
#include <utility>

#include "domain/ports/http.hpp"

namespace tributary::actions {

class OwnedTransport final : public domain::ports::HttpTransport {
  public:
    /// The transport behind it outlives it. `owned` is asked right before the first byte of each request.
    OwnedTransport(domain::ports::HttpTransport& inner, std::function<bool()> owned)
        : inner_(inner), owned_(std::move(owned)) {}

    domain::ports::Task<domain::Result<domain::ports::HttpAnswer>> send(
        domain::ports::HttpCall call) override {
        call.may_leave = [owned = owned_, others = std::move(call.may_leave)] {
            return owned() && (!others || others());
        };
        return inner_.send(std::move(call));
    }

  private:
    domain::ports::HttpTransport& inner_;
    std::function<bool()> owned_;
};

}  // namespace tributary::actions
