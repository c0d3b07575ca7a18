#include "adapters/upvest/webhook_signature.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "adapters/crypto/digest.hpp"
#include "domain/try.hpp"

namespace tributary::upvest {

using domain::Errc;
using domain::Result;
using domain::ports::HttpRequest;

namespace {

constexpr std::size_t most_components = 32;
constexpr std::size_t longest_name = 256;

auto malformed() {
    return domain::fail(Errc::invalid_input, "The request carries no readable message signature.");
}

auto refused(const char* why) {
    return domain::fail(Errc::unauthenticated, why);
}

/// The field of this name where there is exactly one. Two could be read differently by whoever stands in
/// front.
std::optional<std::string_view> only_field(const HttpRequest& request, std::string_view name) {
    std::optional<std::string_view> value;
    for (const auto& [field, text] : request.fields) {
        const bool same = field.size() == name.size() && std::ranges::equal(field, name, [](char a, char b) {
                              return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
                          });
        if (same && value) return std::nullopt;
        if (same) value = text;
    }
    return value;
}

/// Reads from the front of a text; every step says whether it fitted.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    bool skip(char expected) {
        if (!rest_.starts_with(expected)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    /// Lower-case letters, digits, '-', '_', '.' and '*'; at least one.
    std::optional<std::string> word() {
        const auto of_word = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
                   c == '*';
        };
        return taken(std::ranges::find_if_not(rest_, of_word));
    }

    /// Between double quotes: visible characters but quotes and backslashes.
    std::optional<std::string> quoted() {
        if (!skip('"')) return std::nullopt;
        const auto plain = [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '\\'; };
        std::optional<std::string> text = taken(std::ranges::find_if_not(rest_, plain));
        return text && skip('"') ? text : std::nullopt;
    }

    std::optional<std::int64_t> number() {
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (error != std::errc{} || value < 0) return std::nullopt;
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return value;
    }

    [[nodiscard]] bool done() const { return rest_.empty(); }

    [[nodiscard]] std::string_view rest() const { return rest_; }

  private:
    std::optional<std::string> taken(std::string_view::const_iterator end) {
        const auto size = static_cast<std::size_t>(end - rest_.begin());
        if (size == 0 || size > longest_name) return std::nullopt;
        std::string text(rest_.substr(0, size));
        rest_.remove_prefix(size);
        return text;
    }

    std::string_view rest_;
};

std::optional<std::vector<std::string>> read_components(Scanner& scanner) {
    std::vector<std::string> components;
    if (!scanner.skip('(')) return std::nullopt;
    while (!scanner.skip(')')) {
        if (!components.empty() && !scanner.skip(' ')) return std::nullopt;
        const auto name = scanner.quoted();
        const bool twice = name && std::ranges::find(components, *name) != components.end();
        if (!name || twice || components.size() == most_components) return std::nullopt;
        components.push_back(*name);
    }
    return components;
}

/// Reads one ";name=value". A parameter that came before is an error, one that we do not know another.
bool read_parameter(Scanner& scanner, WebhookSignature& signature, std::map<std::string, bool>& seen) {
    const auto name = scanner.skip(';') ? scanner.word() : std::nullopt;
    if (!name || !seen.emplace(*name, true).second || !scanner.skip('=')) return false;
    if (*name == "created" || *name == "expires") {
        const auto value = scanner.number();
        (*name == "created" ? signature.created : signature.expires.emplace()) = value.value_or(0);
        return value.has_value();
    }
    const auto value = scanner.quoted();
    if (*name == "keyid") {
        signature.key_id = value.value_or("");
    }
    const bool known =
        *name == "keyid" || *name == "nonce" || (*name == "alg" && value == "ecdsa-p521-sha512");
    return value && known;
}

std::optional<std::string> read_bytes(std::string_view field, const std::string& label) {
    const std::string opening = label + "=:";
    if (!field.starts_with(opening) || !field.ends_with(':') || field.size() <= opening.size() + 1) {
        return std::nullopt;
    }
    field.remove_prefix(opening.size());
    field.remove_suffix(1);
    return crypto::base64_decode(field);
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(
        out, out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

std::optional<std::string> component_value(const HttpRequest& request, const std::string& component) {
    if (component == "@method") return request.method;
    if (component == "@path") return request.path;
    if (component == "@query") return "?" + request.query;
    if (component == "@authority") {
        const auto host = only_field(request, "host");
        return host ? std::optional(lower(*host)) : std::nullopt;
    }
    const auto field = only_field(request, component);
    return field ? std::optional(std::string(*field)) : std::nullopt;
}

std::string text_of(const crypto::Sha256& hash) {
    return {reinterpret_cast<const char*>(hash.data()), hash.size()};
}

/// Version 6 writes `SHA-256=<base64>`, version 15 `sha-512=:<base64>:`.
bool digest_fits(std::string_view field, std::string_view body) {
    return field == "SHA-256=" + crypto::base64(text_of(crypto::sha256(body))) ||
           field == "sha-256=:" + crypto::base64(text_of(crypto::sha256(body))) + ":" ||
           field == "sha-512=:" + crypto::base64(crypto::sha512(body)) + ":";
}

bool covers(const WebhookSignature& signature, std::string_view component) {
    return std::ranges::find(signature.components, component) != signature.components.end();
}

/// The covered digests are those of the body, and where there is a body there is one.
bool covers_body(const HttpRequest& request, const WebhookSignature& signature) {
    bool covered = request.body.empty();
    for (const char* name : {"digest", "content-digest"}) {
        if (covers(signature, name)) {
            const auto field = only_field(request, name);
            if (!field || !digest_fits(*field, request.body)) return false;
            covered = true;
        }
    }
    return covered;
}

bool timely(const WebhookSignature& signature, domain::Timestamp now, std::chrono::seconds tolerance) {
    const std::int64_t seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const std::int64_t until = std::max(signature.created, signature.expires.value_or(signature.created));
    // Subtracted, not added: a number from outside must not overflow.
    return signature.created <= seconds + tolerance.count() && until >= seconds - tolerance.count();
}

}  // namespace

Result<WebhookSignature> read_webhook_signature(const HttpRequest& delivery) {
    const auto input = only_field(delivery, "signature-input");
    const auto bytes = only_field(delivery, "signature");
    if (!input || !bytes) {
        return malformed();
    }
    Scanner scanner(*input);
    const auto label = scanner.word();
    if (!label || !scanner.skip('=')) {
        return malformed();
    }
    WebhookSignature signature;
    signature.params = scanner.rest();
    auto components = read_components(scanner);
    auto decoded = read_bytes(*bytes, *label);
    if (!components || !decoded) {
        return malformed();
    }
    std::map<std::string, bool> seen;
    while (!scanner.done()) {
        if (!read_parameter(scanner, signature, seen)) {
            return malformed();
        }
    }
    if (signature.key_id.empty() || !seen.contains("created")) {
        return malformed();
    }
    signature.components = std::move(*components);
    signature.bytes = std::move(*decoded);
    return signature;
}

std::optional<std::string> webhook_signature_base(const HttpRequest& delivery,
                                                  const WebhookSignature& signature, ComponentNames names) {
    const std::string quote = names == ComponentNames::quoted ? "\"" : "";
    std::string base;
    for (const std::string& component : signature.components) {
        const auto value = component_value(delivery, component);
        if (!value) {
            return std::nullopt;
        }
        base += quote + component + quote + ": " + *value + "\n";
    }
    return base + quote + "@signature-params" + quote + ": " + signature.params;
}

Result<void> verify_webhook(const HttpRequest& delivery, const WebhookSignature& signature,
                            const crypto::VerifyingKey& key, domain::Timestamp now,
                            std::chrono::seconds tolerance) {
    if (!covers(signature, "@method") || !covers(signature, "@path")) {
        return refused("The signature covers not both method and path.");
    }
    if (!delivery.query.empty() && !covers(signature, "@query")) {
        return refused("The signature does not cover the query.");
    }
    if (!covers_body(delivery, signature)) {
        return refused("The signature covers no digest of this body.");
    }
    if (!timely(signature, now, tolerance)) {
        return refused("The signature is from another time; compare the clocks.");
    }
    // The documents leave open which form a webhook's signature has; one number says which it is.
    const std::string der = crypto::p521_signature_of_raw(signature.bytes).value_or(signature.bytes);
    for (const ComponentNames names : {ComponentNames::bare, ComponentNames::quoted}) {
        const auto base = webhook_signature_base(delivery, signature, names);
        if (!base) {
            return refused("The signature covers what is not in the request.");
        }
        if (key.verify(*base, der)) {
            return {};
        }
    }
    return refused("The signature is not that of the key it names.");
}

}  // namespace tributary::upvest
