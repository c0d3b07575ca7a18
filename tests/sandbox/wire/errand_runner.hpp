// Sends what a provider sends by itself, and reads the answer.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include "domain/ports/task.hpp"
#include "tests/sandbox/face/errand.hpp"

namespace tributary::sandbox {

/// Sends the request to its listener on 127.0.0.1, waits at most half a minute, and gives the provider's
/// reply.
domain::ports::Task<HttpReply> run_errand(Errand errand);

}  // namespace tributary::sandbox
