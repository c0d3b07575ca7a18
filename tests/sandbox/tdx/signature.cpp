#include "tests/sandbox/tdx/signature.hpp"

#include <algorithm>
#include <optional>

#include "adapters/crypto/digest.hpp"
#include "domain/uuid.hpp"
#include "tests/sandbox/face/form.hpp"

namespace tributary::sandbox {

namespace {

constexpr std::chrono::seconds window{150};

struct Credentials {
    std::string api_key;
    std::string nonce;
    std::string timestamp;
    std::string signature;
};

/// Takes `name`, a value and the space behind it off the front of the text.
std::optional<std::string> take(std::string_view& rest, std::string_view name) {
    if (!rest.starts_with(name)) return std::nullopt;
    rest.remove_prefix(name.size());
    const std::size_t end = rest.find(' ');
    const std::string value(rest.substr(0, end));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    return value.empty() ? std::nullopt : std::optional(value);
}

std::optional<Credentials> parse_header(std::string_view header) {
    const auto scheme = take(header, "TDXV1-HMAC-");
    const auto api_key = take(header, "ApiKey=");
    const auto nonce = take(header, "Nonce=");
    const auto timestamp = take(header, "Timestamp=");
    const auto signature = take(header, "Signature=");
    if (scheme != "SHA256" || !api_key || !nonce || !timestamp || !signature || !header.empty())
        return std::nullopt;
    return Credentials{*api_key, *nonce, *timestamp, *signature};
}

bool is_uuid_v4(std::string_view text) {
    return domain::parse_uuid(text).has_value() && text[14] == '4';
}

std::string host_of(const HttpRequest& request) {
    std::string host(request.fields.find("Host").value_or(""));
    for (const std::string_view default_port : {":443", ":80"}) {
        if (host.ends_with(default_port)) {
            host.resize(host.size() - default_port.size());
        }
    }
    return host;
}

std::string text_of(const crypto::Sha256& digest) {
    return {digest.begin(), digest.end()};
}

}  // namespace

std::string tdx_signed_text(const HttpRequest& request, std::string_view api_key, std::string_view nonce,
                            std::string_view timestamp_ms) {
    const std::string host = host_of(request);
    const std::string content_type(request.fields.find("Content-Type").value_or(""));
    std::string text = "TDXV1";
    for (const std::string_view part :
         {api_key, nonce, timestamp_ms, std::string_view(request.method), std::string_view(host),
          std::string_view(request.path), std::string_view(request.query), std::string_view(content_type),
          std::string_view(request.body)}) {
        if (!part.empty()) {
            text += " ";
            text += part;
        }
    }
    return text;
}

std::string tdx_signature(const TdxLogin& login, std::string_view signed_text) {
    const std::string digest = text_of(crypto::sha256(signed_text));
    if (login.variant == TdxVariant::raw_digest) {
        return crypto::base64(crypto::hmac_sha256(login.api_secret, digest));
    }
    const std::string key = crypto::hex_decode(login.api_secret).value_or("");
    return crypto::base64(crypto::hmac_sha256(key, crypto::base64(digest)));
}

const TdxLogin* TdxSignatureCheck::verify(const HttpRequest& request) {
    const auto given = parse_header(request.fields.find("Authorization").value_or(""));
    if (!given || !is_uuid_v4(given->nonce)) return nullptr;
    const auto login = std::ranges::find(world_.tdx_logins, given->api_key, &TdxLogin::api_key);
    const auto milliseconds = parse_count(given->timestamp);
    if (login == world_.tdx_logins.end() || !login->by_api_key || !milliseconds) return nullptr;

    const domain::Timestamp now = clock_.now();
    const domain::Timestamp signed_at{std::chrono::milliseconds(*milliseconds)};
    if (signed_at > now + window || signed_at < now - window) return nullptr;
    const std::string text = tdx_signed_text(request, given->api_key, given->nonce, given->timestamp);
    if (tdx_signature(*login, text) != given->signature) return nullptr;
    return nonces_[login->name].take(given->nonce, now, signed_at + window) ? &*login : nullptr;
}

}  // namespace tributary::sandbox
