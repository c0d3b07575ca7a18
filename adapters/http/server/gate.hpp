// The strict gate between the header block and everything else: raw bytes in, a request or a refusal out.
// Pure; what passes is not copied, and nothing is allocated.
//
// It takes less than RFC 9112 allows on purpose. Whatever two HTTP programs could read differently (framing,
// line ends, folded lines, repeated fields) is refused, so that no proxy in front can disagree with us about
// where a request ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string_view>

#include "domain/ports/http.hpp"

namespace tributary::http {

struct GateLimits {
    /// Bytes of request line and fields together, with their line ends.
    std::size_t head_bytes = std::size_t{16} * 1024;
    std::size_t target_bytes = std::size_t{8} * 1024;
    std::size_t fields = 100;
    /// Largest Content-Length.
    std::uint64_t body_bytes = std::uint64_t{1024} * 1024;
};

/// Why a request is not served. All texts are constants: nothing of the request is repeated.
struct Refusal {
    int status = 400;
    /// Stable snake_case name.
    std::string_view code;
    std::string_view detail;
};

/// What a header block that passed says of its exchange.
struct Terms {
    /// Exactly so many body bytes follow.
    std::uint64_t content_length = 0;
    bool keep_alive = true;
    /// Its client knows no chunks.
    bool is_http_1_0 = false;
    /// The client waits for 100 Continue before it sends the body.
    bool expects_continue = false;
};

/// A header block that passed, still in the bytes that it was read from.
struct Head {
    domain::ports::RequestView request;
    Terms terms;
    std::optional<std::string_view> traceparent = std::nullopt;
    bool has_tracestate = false;
};

/// The size of the header block that `received` starts with, its empty line included; 0 while it is
/// incomplete. Bytes before `scanned` were looked at by an earlier call and hold no end.
std::expected<std::size_t, Refusal> find_head_end(std::string_view received, std::size_t scanned,
                                                  const GateLimits& limits);

/// Reads one whole header block, as long as find_head_end() said. `room` takes its fields, and is for at
/// least as many as the limit allows.
std::expected<Head, Refusal> read_head(std::string_view block, const GateLimits& limits,
                                       std::span<domain::ports::FieldView> room);

/// A copy that outlives the bytes, without body, request id and trace.
domain::ports::HttpRequest copy_of(const domain::ports::RequestView& request);

/// A header block that passed, copied.
struct CopiedHead {
    domain::ports::HttpRequest request;
    Terms terms;
};

/// read_head() for who is in no hurry.
std::expected<CopiedHead, Refusal> copy_head(std::string_view block, const GateLimits& limits);

}  // namespace tributary::http
