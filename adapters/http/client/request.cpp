#include "adapters/http/client/request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace tributary::http {

using domain::Errc;
using domain::fail;
using domain::ports::HttpCall;

namespace {

constexpr std::array<std::string_view, 5> methods = {"GET", "POST", "PUT", "PATCH", "DELETE"};
/// In lower case. They decide about framing and connection, which are ours.
constexpr std::array<std::string_view, 10> own_fields = {
    "host",    "content-length", "accept-encoding", "transfer-encoding", "te",
    "trailer", "connection",     "keep-alive",      "upgrade",           "expect"};

bool is_token_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

bool is_target_character(char c) {
    return c > 0x20 && c < 0x7F && c != '#';
}

std::string in_lower_case(std::string_view text) {
    std::string out(text);
    std::ranges::transform(
        out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

bool contains(const auto& set, std::string_view text) {
    return std::ranges::find(set, text) != set.end();
}

}  // namespace

domain::Result<std::string> wire_text(const HttpCall& call, const Origin& origin) {
    if (!contains(methods, call.method)) {
        return fail(Errc::configuration,
                    "The request method is none of GET, POST, PUT, PATCH and DELETE; correct the call");
    }
    if (!call.target.starts_with('/') || !std::ranges::all_of(call.target, is_target_character)) {
        return fail(Errc::configuration,
                    "The request target does not start with '/' or holds a character that must be "
                    "percent-encoded; correct "
                    "the base URL or the identifier in it");
    }
    std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\nAccept-Encoding: identity\r\n", call.method,
                                   call.target, origin.authority);
    for (const auto& [name, value] : call.fields) {
        if (name.empty() || !std::ranges::all_of(name, is_token_character)) {
            return fail(Errc::configuration,
                        "The name of a request field holds a character that is not allowed; correct it");
        }
        if (contains(own_fields, in_lower_case(name))) {
            return fail(Errc::configuration,
                        fmt::format("The request field {} is set by the transport; leave it out", name));
        }
        if (std::ranges::any_of(value, is_control)) {
            return fail(
                Errc::configuration,
                fmt::format(
                    "The value of the request field {} holds a control character; check the credential or "
                    "setting it is made from",
                    name));
        }
        text += fmt::format("{}: {}\r\n", name, value);
    }
    if (!call.body.empty() || (call.method != "GET" && call.method != "DELETE")) {
        text += fmt::format("Content-Length: {}\r\n", call.body.size());
    }
    return text + "\r\n" + call.body;
}

}  // namespace tributary::http
