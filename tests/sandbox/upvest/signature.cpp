#include "tests/sandbox/upvest/signature.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "adapters/crypto/digest.hpp"
#include "adapters/crypto/signing_key.hpp"

namespace tributary::sandbox {

namespace {

/// How far a client's clock may be ahead, and the longest life of a signature. Neither is documented; every
/// official client stays within them.
constexpr std::int64_t skew_seconds = 5;
constexpr std::int64_t longest_life_seconds = 300;

using Complaint = std::optional<std::string>;

bool is_token_call(const HttpRequest& request) {
    return request.path == "/auth/token";
}

std::string_view digest_field(SignatureVersion version) {
    return version == SignatureVersion::v15 ? "content-digest" : "digest";
}

std::string expected_digest(const HttpRequest& request, SignatureVersion version) {
    if (version == SignatureVersion::v15)
        return "sha-512=:" + crypto::base64(crypto::sha512(request.body)) + ":";
    const auto digest = crypto::sha256(request.body);
    return "SHA-256=" + crypto::base64({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::vector<std::string_view> required_components(const HttpRequest& request, SignatureVersion version) {
    std::vector<std::string_view> required{"@method", "@path", "accept", "upvest-client-id"};
    if (!request.query.empty()) {
        required.push_back("@query");
    }
    if (!is_token_call(request)) {
        required.push_back("authorization");
    }
    if (!request.body.empty()) {
        required.insert(required.end(), {"content-length", "content-type", digest_field(version)});
    }
    for (const std::string_view when_sent : {"upvest-api-version", "idempotency-key"}) {
        if (request.fields.find(when_sent)) {
            required.push_back(when_sent);
        }
    }
    return required;
}

/// Fields that a proxy on the way may add or change, or that carry the signature itself.
bool must_not_be_covered(std::string_view component) {
    static constexpr std::array<std::string_view, 5> prefixes{"cf-", "cdn-", "x-", "sec-",
                                                              "upvest-signature"};
    static constexpr std::array<std::string_view, 9> names{
        "cookie", "priority", "user-agent", "accept-encoding",  "connection",
        "host",   "expect",   "te",         "transfer-encoding"};
    return std::ranges::any_of(prefixes,
                               [&](std::string_view prefix) { return component.starts_with(prefix); }) ||
           std::ranges::find(names, component) != names.end();
}

Complaint check_components(const HttpRequest& request, const SignatureInput& input,
                           SignatureVersion version) {
    const std::set<std::string_view> covered(input.components.begin(), input.components.end());
    if (covered.size() != input.components.size()) return "a component is covered twice";
    for (const std::string_view component : required_components(request, version)) {
        if (!covered.contains(component)) return "not covered: " + std::string(component);
    }
    for (const std::string_view component : covered) {
        if (must_not_be_covered(component)) return "must not be covered: " + std::string(component);
    }
    return std::nullopt;
}

Complaint check_digest(const HttpRequest& request, SignatureVersion version) {
    const auto given = request.fields.find(digest_field(version));
    if (request.body.empty()) {
        return given ? Complaint("a digest without a body") : std::nullopt;
    }
    return given == expected_digest(request, version) ? std::nullopt
                                                      : Complaint("the digest does not fit the body");
}

Complaint check_window(const SignatureInput& input, std::int64_t now) {
    if (input.expires <= input.created || input.expires - input.created > longest_life_seconds) {
        return "the window is not a window";
    }
    if (input.created > now + skew_seconds) return "created in the future";
    return input.expires <= now ? Complaint("expired") : std::nullopt;
}

std::optional<std::string> component_value(const HttpRequest& request, std::string_view component) {
    if (component == "@method") return request.method;
    if (component == "@path") return request.path.empty() ? "/" : request.path;
    if (component == "@query")
        return request.query.empty() ? std::nullopt : std::optional("?" + request.query);
    const auto field = request.fields.find(component);
    return field ? std::optional(std::string(*field)) : std::nullopt;
}

}  // namespace

struct UpvestSignatureCheck::Keys {
    std::map<std::string, crypto::VerifyingKey> by_client;
};

std::optional<std::string> upvest_signature_base(const HttpRequest& request, const SignatureInput& input,
                                                 SignatureVersion version) {
    const std::string quote = version == SignatureVersion::v15 ? "\"" : "";
    std::string base;
    for (const std::string& component : input.components) {
        const auto value = component_value(request, component);
        if (!value) return std::nullopt;
        base += quote + component + quote + ": " + *value + "\n";
    }
    return base + quote + "@signature-params" + quote + ": " + input.params;
}

UpvestSignatureCheck::UpvestSignatureCheck(const World& world, const SandboxClock& clock)
    : clock_(clock), keys_(std::make_unique<Keys>()) {
    for (const UpvestClient& client : world.upvest_clients) {
        keys_->by_client.emplace(client.client_id,
                                 crypto::VerifyingKey::from_pem(client.public_key_pem).value());
    }
}

UpvestSignatureCheck::~UpvestSignatureCheck() = default;

std::expected<void, std::string> UpvestSignatureCheck::verify(const HttpRequest& request,
                                                              const UpvestClient& client) {
    const auto named = request.fields.find("upvest-signature-version");
    if (named && *named != "15" && *named != "6") return std::unexpected("unknown signature version");
    const SignatureVersion version = named == "15" ? SignatureVersion::v15 : SignatureVersion::v6;
    const auto input = parse_signature(request.fields.find("signature-input").value_or(""),
                                       request.fields.find("signature").value_or(""));
    if (!input) return std::unexpected("no signature, or a malformed one");
    if (input->key_id != client.key_id) return std::unexpected("another client's key");

    const domain::Timestamp now = clock_.now();
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    for (const Complaint& complaint : {check_components(request, *input, version),
                                       check_digest(request, version), check_window(*input, seconds)}) {
        if (complaint) return std::unexpected(*complaint);
    }
    const auto base = upvest_signature_base(request, *input, version);
    if (!base || !keys_->by_client.at(client.client_id).verify(*base, input->signature)) {
        return std::unexpected("the signature does not verify");
    }
    const domain::Timestamp until{std::chrono::seconds(input->expires)};
    if (!nonces_[client.name].take(input->nonce, now, until))
        return std::unexpected("the nonce was used before");
    return {};
}

}  // namespace tributary::sandbox
