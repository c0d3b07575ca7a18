#include "adapters/tdx/api_key_authorizer.hpp"

#include <chrono>
#include <utility>

#include "adapters/tdx/signature.hpp"
#include "domain/uuid.hpp"

namespace tributary::tdx {

using domain::ports::HttpCall;
using domain::ports::Task;

namespace {

/// A version 4 UUID.
std::string draw_nonce(domain::ports::Random& random) {
    domain::Uuid id;
    random.fill(id.bytes);
    id.bytes[6] = static_cast<std::uint8_t>(0x40U | (id.bytes[6] & 0x0FU));
    id.bytes[8] = static_cast<std::uint8_t>(0x80U | (id.bytes[8] & 0x3FU));
    return domain::to_text(id);
}

SignedParts parts_of(const HttpCall& call, const std::string& host) {
    const std::size_t mark = call.target.find('?');
    SignedParts parts;
    parts.method = call.method;
    parts.host = host;
    parts.path = call.target.substr(0, mark);
    parts.query = mark == std::string::npos ? "" : call.target.substr(mark + 1);
    parts.content_type = call.fields.find("Content-Type").value_or("");
    parts.body = call.body;
    return parts;
}

}  // namespace

ApiKeyAuthorizer::ApiKeyAuthorizer(ApiKey key, SignatureVariant variant, std::string host,
                                   domain::ports::Clock& clock, domain::ports::Random& random)
    : key_(std::move(key)), variant_(variant), host_(std::move(host)), clock_(clock), random_(random) {}

Task<domain::Result<std::string>> ApiKeyAuthorizer::authorization(const HttpCall& call) {
    const auto now = std::chrono::floor<std::chrono::milliseconds>(clock_.now());
    const Freshness freshness{draw_nonce(random_), now.time_since_epoch().count()};
    co_return tdx::authorization(key_, variant_, parts_of(call, host_), freshness);
}

void ApiKeyAuthorizer::refused(const std::string&) {}

}  // namespace tributary::tdx
