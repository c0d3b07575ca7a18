#include "adapters/upvest/requester.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

#include "adapters/crypto/digest.hpp"
#include "adapters/upvest/signature.hpp"

namespace tributary::upvest {

using domain::Result;
using domain::ports::HttpAnswer;
using domain::ports::HttpCall;
using domain::ports::Task;

namespace {

/// Upvest's own clients use 5 to 100 seconds; its limit and its tolerance for clocks that differ are not
/// documented.
constexpr std::int64_t signature_lifetime_s = 30;

std::string form_encoded(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const bool unreserved = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                                c == '-' || c == '.' || c == '_' || c == '~';
        if (unreserved) {
            encoded += c;
        } else if (c == ' ') {
            encoded += '+';
        } else {
            const auto byte = static_cast<unsigned char>(c);
            encoded += {'%', hex[byte >> 4U], hex[byte & 0xFU]};
        }
    }
    return encoded;
}

/// 16 letters and digits, the form of Upvest's examples.
std::string fresh_nonce(domain::ports::Random& random) {
    std::array<std::uint8_t, 8> bytes{};
    random.fill(bytes);
    return crypto::hex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace

Requester::Requester(std::string origin, Login login, domain::ports::ProviderTools tools)
    : origin_(std::move(origin)), login_(std::move(login)), tools_(tools) {}

void Requester::sign_now(HttpCall& call) {
    call.fields.add("upvest-api-version", login_.api_version);
    call.fields.add("upvest-client-id", login_.client_id);
    const auto now = std::chrono::floor<std::chrono::seconds>(tools_.clock.now()).time_since_epoch().count();
    sign(call, login_.key, {login_.key_id, now, now + signature_lifetime_s, fresh_nonce(tools_.random)});
}

Task<Result<HttpAnswer>> Requester::ask_for_token() {
    HttpCall call;
    call.method = "POST";
    call.origin = origin_;
    call.target = "/auth/token";
    call.fields.add("accept", "application/json");
    // Bare: Upvest refuses a charset parameter.
    call.fields.add("content-type", "application/x-www-form-urlencoded");
    call.body = "client_id=" + form_encoded(login_.client_id) +
                "&client_secret=" + form_encoded(login_.client_secret) +
                "&grant_type=client_credentials&scope=" + form_encoded(login_.scopes);
    sign_now(call);
    Result<HttpAnswer> answer = co_await tools_.transport.send(std::move(call));
    co_return answer;
}

Task<Result<HttpAnswer>> Requester::send(Ask ask, std::string token) {
    HttpCall call;
    call.method = std::move(ask.method);
    call.origin = origin_;
    call.target = std::move(ask.target);
    call.fields.add("accept", "application/json");
    call.fields.add("authorization", "Bearer " + token);
    if (!ask.body.empty()) {
        call.fields.add("content-type", "application/json");
        call.body = std::move(ask.body);
    }
    if (!ask.idempotency_key.empty()) {
        call.fields.add("idempotency-key", std::move(ask.idempotency_key));
    }
    sign_now(call);
    Result<HttpAnswer> answer = co_await tools_.transport.send(std::move(call));
    co_return answer;
}

}  // namespace tributary::upvest
