#include "tests/sandbox/face/reply.hpp"

#include <utility>

#include "domain/json/write.hpp"

namespace tributary::sandbox {

HttpReply text_reply(int status, std::string_view content_type, std::string body) {
    HttpReply reply;
    reply.status = status;
    reply.fields.add("Content-Type", std::string(content_type));
    reply.body = std::move(body);
    return reply;
}

HttpReply json_reply(int status, const json::Value& body) {
    return text_reply(status, "application/json", json::write(body));
}

}  // namespace tributary::sandbox
