// An answer as bytes. Pure: the session sends what is made here together with the body, in one write.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "domain/ports/http.hpp"

namespace tributary::http {

/// The standard phrase of a status, or an empty text.
std::string_view reason_of(int status);

/// What a problem says of the request that met it.
struct ProblemOrigin {
    /// Becomes its `instance`; empty where the request has none.
    std::string_view request_id = {};
    /// Empty where no trace was read yet.
    std::string_view trace_id = {};
    /// For Retry-After and `retry_after_s`; 0 where coming back is no remedy.
    int retry_after_s = 0;
};

/// An application/problem+json answer (RFC 9457): type, title, status, code, detail, and the members of its
/// origin.
domain::ports::HttpReply problem(int status, std::string_view code, std::string_view detail,
                                 const ProblemOrigin& origin = {});

/// False where sending the reply would break the framing: a status that is no final one, a field that is no
/// field.
bool is_sendable(const domain::ports::HttpReply& reply);
/// Of an answer from memory the status alone is looked at.
bool is_sendable(const domain::ports::ReadyReply& reply);

/// True if the handler asks for the connection to be closed after this reply (`Connection: close`).
bool asks_to_close(const domain::ports::HttpReply& reply);

/// How the end of a body is told.
enum class Framing { length, chunked, until_close };

struct ReplyContext {
    std::string_view date;
    std::string_view request_id;
    bool close = false;
    Framing framing = Framing::length;
    /// Our span in the caller's trace and what came with it; each is left out where it is empty.
    std::string_view traceparent = {};
    std::string_view tracestate = {};
};

/// True if a reply of this status is sent without body and Content-Length (204 and 304).
bool is_bodiless(int status);

/// Replaces `out` by status line and fields, empty line included. Date, Content-Length, X-Request-Id,
/// Transfer-Encoding, Connection, the trace and X-Content-Type-Options, which every answer has, are ours: a
/// handler's own are left out.
void write_head(std::string& out, const domain::ports::HttpReply& reply, const ReplyContext& context);
/// The same of an answer from memory, whose lines go out as they stand.
void write_head(std::string& out, const domain::ports::ReadyReply& reply, const ReplyContext& context);

/// What goes before a piece of a chunked body; after it goes `chunk_end`. Not for an empty piece, which would
/// end the body.
std::string chunk_begin(std::size_t size);
inline constexpr std::string_view chunk_end = "\r\n";
/// Ends a chunked body.
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

}  // namespace tributary::http
