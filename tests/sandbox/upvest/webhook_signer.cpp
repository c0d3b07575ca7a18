#include "tests/sandbox/upvest/webhook_signer.hpp"

#include <chrono>
#include <utility>

#include "adapters/crypto/digest.hpp"
#include "adapters/crypto/signing_key.hpp"
#include "tests/sandbox/world/key_pem.hpp"

namespace tributary::sandbox {

namespace {

constexpr std::int64_t life_seconds = 60;
constexpr std::size_t coordinate_size = 66;

crypto::SigningKey open_key(const std::string& pem, const std::string& passphrase) {
    return crypto::SigningKey::from_pem(pem, passphrase).value();
}

std::string base64url(std::string_view bytes) {
    std::string text = crypto::base64(bytes);
    for (char& c : text) {
        c = c == '+' ? '-' : c == '/' ? '_' : c;
    }
    text.erase(text.find_last_not_of('=') + 1);
    return text;
}

/// The two coordinates at the end of a SubjectPublicKeyInfo.
std::string point_of(const std::string& public_pem) {
    std::string armored;
    for (std::size_t start = 0; start < public_pem.size();) {
        const std::size_t end = std::min(public_pem.find('\n', start), public_pem.size());
        const std::string line = public_pem.substr(start, end - start);
        armored += line.starts_with('-') ? "" : line;
        start = end + 1;
    }
    const std::string der = crypto::base64_decode(armored).value();
    return der.substr(der.size() - 2 * coordinate_size);
}

}  // namespace

WebhookSigner::WebhookSigner(std::uint64_t seed, const SandboxClock& clock)
    : clock_(clock), rng_(seed, "webhook keys") {
    keys_.push_back(fresh_key());
}

WebhookSigner::Key WebhookSigner::fresh_key() {
    Key key{rng_.uuid(), "", rng_.hex(12)};
    const std::string scalar = rng_.bytes(64);
    key.pem = sealed_p521_pem(scalar, key.passphrase, rng_.bytes(16));
    return key;
}

void WebhookSigner::rotate(bool keep_former) {
    if (!keep_former) {
        keys_.clear();
    }
    keys_.push_back(fresh_key());
}

json::Object WebhookSigner::key_set() const {
    json::Array keys;
    for (const Key& key : keys_) {
        const std::string point = point_of(open_key(key.pem, key.passphrase).public_pem());
        keys.emplace_back(json::Object{{"kid", key.id},
                                       {"kty", "EC"},
                                       {"crv", "P-521"},
                                       {"x", base64url(point.substr(0, coordinate_size))},
                                       {"y", base64url(point.substr(coordinate_size))}});
    }
    return {{"keys", std::move(keys)}};
}

HttpRequest WebhookSigner::signed_delivery(const std::string& path, std::string body) {
    const auto digest = crypto::sha256(body);
    HttpRequest delivery;
    delivery.method = "POST";
    delivery.path = path;
    const std::vector<std::pair<std::string, std::string>> covered{
        {"accept", "*/*"},
        {"content-length", std::to_string(body.size())},
        {"content-type", "application/json"},
        {"digest",
         "SHA-256=" + crypto::base64({reinterpret_cast<const char*>(digest.data()), digest.size()})}};
    std::string names = "\"@method\" \"@path\"";
    std::string base = "@method: POST\n@path: " + path + "\n";
    for (const auto& [name, value] : covered) {
        delivery.fields.add(name, value);
        names += " \"" + name + "\"";
        base += name + ": " + value + "\n";
    }
    const std::int64_t now =
        std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
    const std::string params =
        "(" + names + ");keyid=\"" + keys_.back().id + "\";created=" + std::to_string(now) +
        ";expires=" + std::to_string(now + life_seconds) + ";nonce=\"" + rng_.digits(10) + "\"";
    base += "@signature-params: " + params;
    const crypto::SigningKey key = open_key(keys_.back().pem, keys_.back().passphrase);
    delivery.fields.add("signature-input", "sig1=" + params);
    delivery.fields.add("signature", "sig1=:" + crypto::base64(key.sign(base)) + ":");
    delivery.body = std::move(body);
    return delivery;
}

}  // namespace tributary::sandbox
