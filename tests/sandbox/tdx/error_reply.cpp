#include "tests/sandbox/tdx/error_reply.hpp"

#include "tests/sandbox/face/reply.hpp"

namespace tributary::sandbox {

namespace {

std::string_view status_name(int http_status) {
    switch (http_status) {
        case 400:
            return "INVALID_ARGUMENT";
        case 401:
            return "UNAUTHENTICATED";
        case 403:
            return "PERMISSION_DENIED";
        case 404:
            return "NOT_FOUND";
        default:
            return "INTERNAL";
    }
}

}  // namespace

HttpReply tdx_error(int http_status, std::string_view message, std::string_view reason) {
    json::Object body{{"code", http_status}, {"message", message}, {"status", status_name(http_status)}};
    if (!reason.empty()) {
        json::Array details;
        details.push_back(json::Object{{"reason", reason}});
        body.push_back({"details", std::move(details)});
    }
    return json_reply(http_status, body);
}

}  // namespace tributary::sandbox
