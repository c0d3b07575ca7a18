#include "services/api/page_token.hpp"

#include <charconv>

#include "domain/content_hash.hpp"

namespace tributary::api {

namespace {

/// 128 bits of the keyed hash over question and position.
std::string seal_of(const domain::ports::Sealer& sealer, std::string_view question,
                    std::string_view position) {
    const std::string hashed =
        sealer.fingerprint("page_token", std::string(question) + '\x1f' + std::string(position));
    return domain::hex_text(std::string_view(hashed).substr(0, 16));
}

bool same(std::string_view left, std::string_view right) {
    // Every byte is looked at, so that the time taken tells nothing about where they differ.
    unsigned difference = left.size() == right.size() ? 0 : 1;
    for (std::size_t i = 0; i < left.size() && i < right.size(); ++i) {
        difference |= static_cast<unsigned char>(left[i]) ^ static_cast<unsigned char>(right[i]);
    }
    return difference == 0;
}

}  // namespace

std::string make_page_token(const domain::ports::Sealer& sealer, std::string_view question,
                            const PagePosition& position) {
    const std::string text = std::to_string(position.commit) + "." + to_text(position.after);
    return "p1." + text + "." + seal_of(sealer, question, text);
}

domain::Result<PagePosition> read_page_token(const domain::ports::Sealer& sealer, std::string_view question,
                                             std::string_view token) {
    const auto refuse = [] {
        return domain::fail(domain::Errc::invalid_input,
                            "This page token is not one of ours for this list; start again without it.",
                            "/page_token");
    };
    const std::size_t last_dot = token.rfind('.');
    if (!token.starts_with("p1.") || last_dot == std::string_view::npos || last_dot < 4) {
        return refuse();
    }
    const std::string_view text = token.substr(3, last_dot - 3);
    if (!same(token.substr(last_dot + 1), seal_of(sealer, question, text))) {
        return refuse();
    }
    PagePosition position;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), position.commit);
    const auto offset = static_cast<std::size_t>(end - text.data());
    const auto after = error == std::errc{} && offset < text.size()
                           ? domain::parse_uuid(text.substr(offset + 1))
                           : std::nullopt;
    if (!after) {
        return refuse();
    }
    position.after = *after;
    return position;
}

}  // namespace tributary::api
