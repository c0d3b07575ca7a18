#include "tests/sandbox/upvest/signature_input.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "adapters/crypto/digest.hpp"
#include "tests/sandbox/face/form.hpp"

namespace tributary::sandbox {

namespace {

/// Reads from the front of a text; every step says whether it fitted.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    bool skip(char expected) {
        if (!rest_.starts_with(expected)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    /// Letters, digits, '-', '_', '*', '.'; at least one.
    std::optional<std::string> word() {
        const auto is_word = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
                   c == '*';
        };
        const auto end = std::ranges::find_if_not(rest_, is_word);
        const auto size = static_cast<std::size_t>(end - rest_.begin());
        if (size == 0) return std::nullopt;
        std::string taken(rest_.substr(0, size));
        rest_.remove_prefix(size);
        return taken;
    }

    std::optional<std::string> quoted() {
        if (!skip('"')) return std::nullopt;
        const std::size_t end = rest_.find('"');
        if (end == std::string_view::npos) return std::nullopt;
        std::string taken(rest_.substr(0, end));
        rest_.remove_prefix(end + 1);
        return taken;
    }

    [[nodiscard]] bool done() const { return rest_.empty(); }

    [[nodiscard]] std::string_view rest() const { return rest_; }

  private:
    std::string_view rest_;
};

std::optional<std::vector<std::string>> components_of(Scanner& scanner) {
    std::vector<std::string> components;
    if (!scanner.skip('(')) return std::nullopt;
    while (!scanner.skip(')')) {
        if (!components.empty() && !scanner.skip(' ')) return std::nullopt;
        const auto name = scanner.quoted();
        if (!name || name->empty()) return std::nullopt;
        components.push_back(*name);
    }
    return components;
}

std::optional<std::map<std::string, std::string>> parameters_of(Scanner& scanner) {
    std::map<std::string, std::string> parameters;
    while (!scanner.done()) {
        if (!scanner.skip(';')) return std::nullopt;
        const auto name = scanner.word();
        if (!name || !scanner.skip('=')) return std::nullopt;
        const bool is_text = *name == "keyid" || *name == "nonce" || *name == "alg";
        const auto value = is_text ? scanner.quoted() : scanner.word();
        if (!value || !parameters.emplace(*name, *value).second) return std::nullopt;
    }
    return parameters;
}

std::optional<std::string> signature_bytes(std::string_view field, std::string_view label) {
    const std::string opening = std::string(label) + "=:";
    if (!field.starts_with(opening) || !field.ends_with(':') || field.size() <= opening.size())
        return std::nullopt;
    return crypto::base64_decode(field.substr(opening.size(), field.size() - opening.size() - 1));
}

}  // namespace

std::optional<SignatureInput> parse_signature(std::string_view input_field,
                                              std::string_view signature_field) {
    Scanner scanner(input_field);
    const auto label = scanner.word();
    if (!label || !scanner.skip('=')) return std::nullopt;
    const std::string params(scanner.rest());
    auto components = components_of(scanner);
    auto parameters = components ? parameters_of(scanner) : std::nullopt;
    auto bytes = signature_bytes(signature_field, *label);
    if (!components || !parameters || !bytes) return std::nullopt;
    const auto created = parse_count((*parameters)["created"]);
    const auto expires = parse_count((*parameters)["expires"]);
    if (!created || !expires || (*parameters)["keyid"].empty() || (*parameters)["nonce"].empty())
        return std::nullopt;
    return SignatureInput{std::move(*components),
                          params,
                          (*parameters)["keyid"],
                          static_cast<std::int64_t>(*created),
                          static_cast<std::int64_t>(*expires),
                          (*parameters)["nonce"],
                          std::move(*bytes)};
}

}  // namespace tributary::sandbox
