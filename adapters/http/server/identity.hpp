// Who the request at hand is: its id, and its place in a trace. One for each connection, whose requests are
// numbered; allocates nothing from request to request, but for what a caller's tracestate takes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/http/server/gate.hpp"
#include "adapters/http/server/random_block.hpp"
#include "adapters/http/server/reply.hpp"
#include "domain/http/trace_context.hpp"

namespace tributary::http {

/// Random and hexadecimal; a connection's requests are numbered behind it.
std::string new_connection_id(RandomBlock& random);

class Identity {
  public:
    explicit Identity(RandomBlock& random);

    /// The next request of the connection; nothing is known of its trace yet.
    void begin_request();
    /// Our span for this request, in the trace it names or in one of its own.
    void begin_span(const Head& head);

    [[nodiscard]] std::string_view request_id() const { return request_id_; }

    /// Each is empty until the request has a span.
    [[nodiscard]] std::string_view traceparent() const { return span_ ? span_->text() : std::string_view(); }

    [[nodiscard]] std::string_view tracestate() const { return tracestate_; }

    [[nodiscard]] TraceContext trace() const;

    [[nodiscard]] ProblemOrigin origin() const {
        return {.request_id = request_id_, .trace_id = span_ ? span_->trace_id() : std::string_view()};
    }

  private:
    RandomBlock& random_;
    std::string request_id_;
    /// Where its number begins.
    std::size_t number_ = 0;
    std::optional<SpanText> span_;
    std::string tracestate_;
};

}  // namespace tributary::http
