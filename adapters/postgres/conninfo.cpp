#include "adapters/postgres/conninfo.hpp"

#include <utility>

namespace tributary::postgres {

std::string with_defaults(std::string_view url) {
    const bool uri = url.starts_with("postgresql://") || url.starts_with("postgres://");
    std::string text(url);
    for (const auto& [key, value] : {std::pair<std::string_view, std::string_view>{"connect_timeout", "5"},
                                     {"fallback_application_name", "tributary"}}) {
        if (text.find(key) != std::string::npos) continue;
        if (uri) {
            text += text.find('?') == std::string::npos ? '?' : '&';
        } else {
            text += ' ';
        }
        text.append(key).append("=").append(value);
    }
    return text;
}

}  // namespace tributary::postgres
