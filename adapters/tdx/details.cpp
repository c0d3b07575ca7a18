#include "adapters/tdx/details.hpp"

namespace tributary::tdx {

namespace {

bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

}  // namespace

std::string snake_case(std::string_view camel_case) {
    std::string snake;
    for (std::size_t i = 0; i < camel_case.size(); ++i) {
        const char c = camel_case[i];
        if (!is_upper(c)) {
            snake += c;
            continue;
        }
        const bool after_lower = i > 0 && !is_upper(camel_case[i - 1]);
        const bool before_lower = i + 1 < camel_case.size() && !is_upper(camel_case[i + 1]);
        if (i > 0 && (after_lower || before_lower)) {
            snake += '_';
        }
        snake += static_cast<char>(c - 'A' + 'a');
    }
    return snake;
}

}  // namespace tributary::tdx
