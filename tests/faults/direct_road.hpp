// From an adapter to the sandbox without sockets, in virtual time.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>

#include "domain/ports/clock.hpp"
#include "domain/ports/http.hpp"
#include "tests/faults/exchange.hpp"

namespace tributary::faults {

class DirectRoad final : public domain::ports::HttpTransport {
  public:
    DirectRoad(FaultyExchange& exchange, domain::ports::Clock& clock) : exchange_(exchange), clock_(clock) {}

    domain::ports::Task<domain::Result<domain::ports::HttpAnswer>> send(
        domain::ports::HttpCall call) override;

    /// Each way.
    std::chrono::milliseconds latency{5};
    /// Where it is another, by host.
    std::map<std::string, std::chrono::milliseconds, std::less<>> latency_of = {};

  private:
    FaultyExchange& exchange_;
    domain::ports::Clock& clock_;
};

}  // namespace tributary::faults
