#include "domain/names.hpp"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

namespace tributary::domain {

namespace {

bool is_space(utf8proc_int32_t code_point) {
    const auto category = utf8proc_category(code_point);
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP || (code_point >= 9 && code_point <= 13);
}

std::string collapse_space(std::string_view text) {
    std::string collapsed;
    bool pending = false;
    const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    auto left = static_cast<utf8proc_ssize_t>(text.size());
    while (left > 0) {
        utf8proc_int32_t code_point = 0;
        const utf8proc_ssize_t used = utf8proc_iterate(at, left, &code_point);
        if (is_space(code_point)) {
            pending = !collapsed.empty();
        } else {
            if (pending) {
                collapsed.push_back(' ');
                pending = false;
            }
            collapsed.append(reinterpret_cast<const char*>(at), static_cast<std::size_t>(used));
        }
        at += used;
        left -= used;
    }
    return collapsed;
}

bool has_digit(std::string_view text) {
    return text.find_first_of("0123456789") != std::string_view::npos;
}

}  // namespace

std::optional<std::string> normalized_text(std::string_view text) {
    utf8proc_uint8_t* mapped = nullptr;
    const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE |
                                                        UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    const utf8proc_ssize_t size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                               static_cast<utf8proc_ssize_t>(text.size()), &mapped, options);
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(mapped, &std::free);
    if (size < 0) {
        return std::nullopt;
    }
    return collapse_space({reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size)});
}

std::optional<std::string> full_name(const Profile& profile) {
    std::string name;
    if (profile.legal_name.has_value() && profile.kind.has_value() &&
        profile.kind.value().value == ProfileKind::entity) {
        name = profile.legal_name.value();
    } else if (profile.first_name.has_value() && profile.last_name.has_value()) {
        const auto first = normalized_text(profile.first_name.value());
        const auto last = normalized_text(profile.last_name.value());
        if (!first || !last || first->empty() || last->empty()) {
            return std::nullopt;
        }
        name = *first + " " + *last;
    }
    auto normalized = normalized_text(name);
    return normalized && !normalized->empty() ? normalized : std::nullopt;
}

std::optional<std::string> normalized_email(const Profile& profile) {
    if (!profile.email.has_value()) {
        return std::nullopt;
    }
    auto email = normalized_text(profile.email.value());
    const bool plausible = email && email->size() >= 3 && email->size() <= 254 &&
                           email->find(' ') == std::string::npos && email->find('@') != std::string::npos &&
                           !email->starts_with('@') && !email->ends_with('@');
    return plausible ? email : std::nullopt;
}

std::optional<std::string> normalized_phone(const Profile& profile) {
    if (!profile.phone.has_value()) {
        return std::nullopt;
    }
    const auto text = normalized_text(profile.phone.value());
    if (!text || !text->starts_with('+')) {
        return std::nullopt;
    }
    std::string phone = "+";
    for (const char c : std::string_view(*text).substr(1)) {
        if (c >= '0' && c <= '9') {
            phone.push_back(c);
        } else if (c != ' ' && c != '-' && c != '(' && c != ')' && c != '.' && c != '/') {
            return std::nullopt;
        }
    }
    return phone.size() >= 8 && phone.size() <= 16 ? std::optional(phone) : std::nullopt;
}

TaxNumber normalized_tax(const Profile& profile) {
    if (!profile.tax.number.has_value()) {
        return {};
    }
    std::string shown;
    bool masked = false;
    for (const char c : profile.tax.number.value()) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (letter || (c >= '0' && c <= '9')) {
            shown.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
        } else if (c == '*' || static_cast<unsigned char>(c) >= 0x80) {
            masked = true;  // '*' or a bullet of some other alphabet
        }
    }
    masked = masked || shown.find("XXX") != std::string::npos;
    const bool is_stand_in = !masked && shown.find_first_not_of(shown.substr(0, 1)) == std::string::npos;
    if (!has_digit(shown) || is_stand_in) {
        return {};  // "unknown", "XXX-XX-XXXX", "000-00-0000": everybody's, so it must join nobody
    }
    TaxNumber number;
    if (shown.size() >= 4 && has_digit(shown.substr(shown.size() - 4))) {
        number.last_four = shown.substr(shown.size() - 4);
    }
    if (!masked && shown.size() >= 6) {
        number.full = shown;
    }
    return number;
}

}  // namespace tributary::domain
