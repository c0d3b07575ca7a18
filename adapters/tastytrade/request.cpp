#include "adapters/tastytrade/request.hpp"

#include <utility>

#include "domain/json/write.hpp"

namespace tributary::tastytrade {

using domain::ports::HttpCall;

namespace {

HttpCall bare_request(std::string method, const std::string& origin, std::string target) {
    HttpCall call{.method = std::move(method), .origin = origin, .target = std::move(target)};
    call.fields.add("User-Agent", std::string(user_agent()));
    call.fields.add("Accept", "application/json");
    return call;
}

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

}  // namespace

std::string_view user_agent() {
    return TRIBUTARY_PRODUCT;
}

HttpCall read_request(const std::string& origin, std::string target, const std::string& access_token) {
    HttpCall call = bare_request("GET", origin, std::move(target));
    call.fields.add("Authorization", "Bearer " + access_token);
    return call;
}

HttpCall token_request(const std::string& origin, const Credentials& credentials) {
    HttpCall call = bare_request("POST", origin, "/oauth/token");
    call.fields.add("Content-Type", "application/json");
    call.body = json::write(json::Object{{"grant_type", "refresh_token"},
                                         {"refresh_token", credentials.refresh_token},
                                         {"client_secret", credentials.client_secret}});
    return call;
}

std::string percent_encoded(std::string_view segment) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : segment) {
        if (is_unreserved(c)) {
            encoded += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            encoded += '%';
            encoded += digits[byte >> 4U];
            encoded += digits[byte & 0x0FU];
        }
    }
    return encoded;
}

}  // namespace tributary::tastytrade
