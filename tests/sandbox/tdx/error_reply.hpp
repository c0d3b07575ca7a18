// T-DX's error body: {"code": 401, "message": ..., "status": "UNAUTHENTICATED", "details": [...]}.
#pragma once

#include <string_view>

#include "tests/sandbox/face/face.hpp"

namespace tributary::sandbox {

/// `reason`, where given, goes into the details as google.rpc ErrorInfo does it.
HttpReply tdx_error(int http_status, std::string_view message, std::string_view reason = {});

}  // namespace tributary::sandbox
