#include "tests/sandbox/face/form.hpp"

#include <algorithm>

#include "adapters/crypto/digest.hpp"

namespace tributary::sandbox {

std::optional<std::string> percent_decode(std::string_view text, Plus plus) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            const auto byte = crypto::hex_decode(text.substr(i + 1, 2));
            if (!byte || byte->size() != 1) return std::nullopt;
            out += *byte;
            i += 2;
        } else {
            out.push_back(text[i] == '+' && plus == Plus::space ? ' ' : text[i]);
        }
    }
    return out;
}

std::optional<Form> Form::parse(std::string_view text) {
    Form form;
    while (!text.empty()) {
        const std::size_t end = text.find('&');
        const std::string_view pair = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        const std::size_t equals = pair.find('=');
        auto name = percent_decode(pair.substr(0, equals), Plus::space);
        auto value =
            percent_decode(equals == std::string_view::npos ? "" : pair.substr(equals + 1), Plus::space);
        if (!name || !value) return std::nullopt;
        form.pairs_.emplace_back(std::move(*name), std::move(*value));
    }
    return form;
}

std::optional<std::string> Form::find(std::string_view name) const {
    const auto found = std::ranges::find_if(pairs_, [name](const auto& pair) { return pair.first == name; });
    return found == pairs_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::uint64_t> parse_count(std::string_view text) {
    const bool digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    if (text.empty() || text.size() > 18 || !digits) return std::nullopt;
    return std::stoull(std::string(text));
}

}  // namespace tributary::sandbox
