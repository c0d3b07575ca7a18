// What goes back over the wire for one request: a reply, and how the wire mistreats it.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "domain/ports/http.hpp"
#include "tests/sandbox/face/errand.hpp"

namespace tributary::sandbox {

struct Exchange {
    domain::ports::HttpReply reply;
    /// Waited before the first byte of the reply.
    std::chrono::milliseconds delay{0};
    /// Close without a byte of the reply.
    bool cut = false;
    /// Close after so many bytes of the body, whatever Content-Length promised.
    std::optional<std::size_t> truncate_at = std::nullopt;
    /// Done before anything is sent; its conclusion takes the place of the reply.
    std::optional<Errand> errand = std::nullopt;
};

}  // namespace tributary::sandbox
