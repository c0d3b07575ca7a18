// One request and its answer, and the place where a fault gets hold of them.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "domain/error.hpp"
#include "domain/ports/http.hpp"
#include "tests/sandbox/control/sandbox.hpp"
#include "tests/simulation/timeline.hpp"

namespace tributary::faults {

/// A request as it came in.
struct Asked {
    std::string method;
    std::string target;
    std::string body;
    /// Virtual time.
    simulation::Instant at{0};

    /// A login, a token call or a refresh: no request for data.
    [[nodiscard]] bool for_token() const;
};

/// What the sandbox says to a request, with Date and Content-Length; asks it, so that nonces are spent.
using Honest = std::function<domain::ports::HttpAnswer()>;

using AnswerFault =
    std::function<domain::Result<domain::ports::HttpAnswer>(const Asked& asked, const Honest& honest)>;

/// Bytes that leave after a wait in real time.
struct Piece {
    std::string bytes;
    std::chrono::milliseconds wait{0};
};

struct WireAnswer {
    enum class End { keep, close, reset, hang };
    std::vector<Piece> pieces;
    End end = End::keep;
};

/// The bytes of an honest answer: status line and fields, and the body.
struct HonestBytes {
    std::string head;
    std::string body;
};

using WireFault = std::function<WireAnswer(const Asked& asked, const std::function<HonestBytes()>& honest)>;

/// Answers requests with the sandbox's words, bent by what is set; keeps a log.
struct FaultyExchange {
    sandbox::Sandbox& sandbox;
    simulation::Timeline& timeline;
    std::string provider;
    AnswerFault answer_fault = {};
    WireFault wire_fault = {};
    std::vector<Asked> log = {};
    /// How far the provider's clock is ahead, as its Date tells.
    simulation::Instant skew{0};

    Asked note(const domain::ports::HttpRequest& request);
    domain::ports::HttpAnswer honest(const domain::ports::HttpRequest& request);
    domain::Result<domain::ports::HttpAnswer> answer(const domain::ports::HttpRequest& request);
    WireAnswer bytes(const domain::ports::HttpRequest& request);
};

}  // namespace tributary::faults
