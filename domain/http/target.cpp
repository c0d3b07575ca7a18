#include "domain/http/target.hpp"

#include <algorithm>
#include <optional>

#include "domain/http/grammar.hpp"

namespace tributary::http {

using domain::Errc;
using domain::fail;
using domain::Result;

namespace {

enum class PlusSign { itself, space };

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<char> decode_escape(std::string_view text) {
    if (text.size() < 3) return std::nullopt;
    const int high = hex_digit(text[1]);
    const int low = hex_digit(text[2]);
    if (high < 0 || low < 0) return std::nullopt;
    return static_cast<char>(high * 16 + low);
}

bool has_control(std::string_view text) {
    return std::ranges::any_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7F;
    });
}

Result<std::string> decode(std::string_view text, PlusSign plus) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        if (text.front() != '%') {
            out.push_back(text.front() == '+' && plus == PlusSign::space ? ' ' : text.front());
            text.remove_prefix(1);
            continue;
        }
        const auto byte = decode_escape(text);
        if (!byte)
            return fail(Errc::invalid_input, "A '%' in the URL must be followed by two hexadecimal digits.");
        out.push_back(*byte);
        text.remove_prefix(3);
    }
    if (has_control(out)) return fail(Errc::invalid_input, "The URL holds an encoded control character.");
    if (!is_utf8(out)) return fail(Errc::invalid_input, "The URL does not decode to UTF-8.");
    return out;
}

Result<Query::Parameter> read_parameter(std::string_view pair) {
    const auto equals = pair.find('=');
    auto key = decode(pair.substr(0, equals), PlusSign::space);
    if (!key) return std::unexpected(std::move(key.error()));
    if (key->empty()) return fail(Errc::invalid_input, "A query parameter has no name.");
    auto value = equals == std::string_view::npos ? Result<std::string>(std::string())
                                                  : decode(pair.substr(equals + 1), PlusSign::space);
    if (!value) return std::unexpected(std::move(value.error()));
    return Query::Parameter(std::move(*key), std::move(*value));
}

std::string repeated_key(std::string_view key) {
    constexpr std::size_t longest_name_shown = 64;
    if (key.size() > longest_name_shown) return "A query parameter was given more than once.";
    return "The query parameter '" + std::string(key) + "' was given more than once.";
}

}  // namespace

Result<std::vector<std::string>> split_path(std::string_view path) {
    if (!path.starts_with('/')) return fail(Errc::invalid_input, "A path must start with '/'.");
    std::vector<std::string> segments;
    if (path == "/") return segments;
    for (std::size_t slash = 0; slash != std::string_view::npos;) {
        const auto next = path.find('/', slash + 1);
        auto segment = decode(path.substr(slash + 1, next - slash - 1), PlusSign::itself);
        if (!segment) return std::unexpected(std::move(segment.error()));
        if (*segment == "." || *segment == "..") {
            return fail(Errc::invalid_input, "A path must not hold the segments '.' and '..'.");
        }
        segments.push_back(std::move(*segment));
        slash = next;
    }
    return segments;
}

const std::string* Query::find(std::string_view key) const {
    const auto found = std::ranges::find(parameters_, key, &Parameter::first);
    return found == parameters_.end() ? nullptr : &found->second;
}

Result<Query> split_query(std::string_view query) {
    std::vector<Query::Parameter> parameters;
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        auto parameter = read_parameter(query.substr(0, end));
        if (!parameter) return std::unexpected(std::move(parameter.error()));
        if (std::ranges::find(parameters, parameter->first, &Query::Parameter::first) != parameters.end()) {
            return fail(Errc::invalid_input, repeated_key(parameter->first),
                        domain::pointer_step("", parameter->first));
        }
        parameters.push_back(std::move(*parameter));
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    return Query(std::move(parameters));
}

}  // namespace tributary::http
