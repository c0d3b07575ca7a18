// Finished replies.
#pragma once

#include <string>
#include <string_view>

#include "domain/json/value.hpp"
#include "tests/sandbox/face/face.hpp"

namespace tributary::sandbox {

HttpReply text_reply(int status, std::string_view content_type, std::string body);
/// `application/json`.
HttpReply json_reply(int status, const json::Value& body);

}  // namespace tributary::sandbox
