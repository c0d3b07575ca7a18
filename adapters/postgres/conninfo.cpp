#include "adapters/postgres/conninfo.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <memory>
#include <utility>

namespace tributary::postgres {

namespace {

using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

/// What to do about a text that libpq does not take. Its own message quotes the text, so that it only serves
/// to tell the cases apart.
std::string_view advice_for(std::string_view message) {
    if (message.contains("percent-encoded") || message.contains("%00")) {
        return "has a '%' without two hex digits behind it: write a '%' of the password as %25";
    }
    if (message.contains("invalid URI query parameter") || message.contains("invalid connection option")) {
        return "has an option that libpq does not know";
    }
    return "is no PostgreSQL URI: write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, and special "
           "characters of "
           "the password percent-encoded";
}

bool is_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    return error == std::errc{} && end == text.data() + text.size() && port != 0;
}

/// One port, or one a host; an empty one is the default.
bool are_ports(std::string_view list) {
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(','), list.size());
        if (end != 0 && !is_port(list.substr(0, end))) return false;
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return true;
}

}  // namespace

domain::Result<void> check_conninfo(std::string_view setting, const std::string& url) {
    const auto wrong = [&](std::string_view advice) {
        return domain::fail(domain::Errc::configuration,
                            std::string(setting).append(" ").append(advice).append("."));
    };
    if (url.contains('\0')) {
        return wrong("has a zero byte in it");
    }
    char* fault = nullptr;
    const Options options(PQconninfoParse(url.c_str(), &fault), &PQconninfoFree);
    const std::unique_ptr<char, decltype(&PQfreemem)> message(fault, &PQfreemem);
    if (!options) {
        return wrong(advice_for(message ? message.get() : ""));
    }
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        if (option->keyword == std::string_view("port") && option->val != nullptr &&
            !are_ports(option->val)) {
            return wrong("has a port that is no number from 1 to 65535");
        }
    }
    return {};
}

std::string with_defaults(std::string_view url) {
    const bool uri = url.starts_with("postgresql://") || url.starts_with("postgres://");
    std::string text(url);
    for (const auto& [key, value] : {std::pair<std::string_view, std::string_view>{"connect_timeout", "5"},
                                     {"fallback_application_name", "tributary"}}) {
        if (text.find(key) != std::string::npos) continue;
        if (uri) {
            text += text.find('?') == std::string::npos ? "?" : text.ends_with('?') ? "" : "&";
        } else {
            text += ' ';
        }
        text.append(key).append("=").append(value);
    }
    return text;
}

}  // namespace tributary::postgres
