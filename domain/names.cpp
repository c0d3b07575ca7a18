#include "domain/names.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <set>

namespace tributary::domain {

namespace {

bool is_space(utf8proc_int32_t code_point) {
    const auto category = utf8proc_category(code_point);
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP || (code_point >= 9 && code_point <= 13);
}

std::size_t digits_in(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; }));
}

std::size_t different_characters(std::string_view text) {
    return std::set<char>(text.begin(), text.end()).size();
}

/// Calls `see(code_point)` for each; stops at what is no UTF-8.
template <class See>
void each_code_point(std::string_view text, See see) {
    const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    auto left = static_cast<utf8proc_ssize_t>(text.size());
    while (left > 0) {
        utf8proc_int32_t code_point = 0;
        const utf8proc_ssize_t used = utf8proc_iterate(at, left, &code_point);
        if (used <= 0) {
            return;
        }
        see(code_point, std::string_view(reinterpret_cast<const char*>(at), static_cast<std::size_t>(used)));
        at += used;
        left -= used;
    }
}

bool has_letter(std::string_view text) {
    bool found = false;
    each_code_point(text, [&found](utf8proc_int32_t code_point, std::string_view) {
        const auto category = utf8proc_category(code_point);
        found = found || (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO);
    });
    return found;
}

/// A half of a name that says who somebody is. What forms are filled with where there is no name would
/// otherwise make namesakes of all whose name is not known.
bool names_somebody(const std::string& half) {
    static constexpr std::array stand_ins{"n/a",           "n.a.",         "n. a.",          "unknown",
                                          "not available", "not provided", "not applicable", "null",
                                          "none",          "undefined",    "unbekannt"};
    return has_letter(half) && std::ranges::find(stand_ins, half) == stand_ins.end();
}

std::string collapse_space(std::string_view text) {
    std::string collapsed;
    bool pending = false;
    each_code_point(text, [&](utf8proc_int32_t code_point, std::string_view bytes) {
        if (is_space(code_point)) {
            pending = !collapsed.empty();
            return;
        }
        if (pending) {
            collapsed.push_back(' ');
            pending = false;
        }
        collapsed.append(bytes);
    });
    return collapsed;
}

std::string lower_case(std::string_view text) {
    std::string lowered;
    each_code_point(text, [&lowered](utf8proc_int32_t code_point, std::string_view) {
        std::array<utf8proc_uint8_t, 4> bytes{};
        const utf8proc_ssize_t size = utf8proc_encode_char(utf8proc_tolower(code_point), bytes.data());
        lowered.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
    });
    return lowered;
}

/// Mapped as these options say; nothing for text that is no UTF-8.
std::optional<std::string> mapped(std::string_view text, int options) {
    utf8proc_uint8_t* made = nullptr;
    const utf8proc_ssize_t size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                               static_cast<utf8proc_ssize_t>(text.size()), &made,
                                               static_cast<utf8proc_option_t>(options));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owned(made, &std::free);
    if (size < 0) {
        return std::nullopt;
    }
    return std::string(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
}

}  // namespace

std::optional<std::string> normalized_text(std::string_view text) {
    const auto folded = mapped(
        text, UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    return folded ? std::optional(collapse_space(*folded)) : std::nullopt;
}

std::optional<std::string> full_name(const Profile& profile) {
    std::string name;
    if (profile.legal_name.has_value() && profile.kind.has_value() &&
        profile.kind.value().value == ProfileKind::entity) {
        name = profile.legal_name.value();
    } else if (profile.first_name.has_value() && profile.last_name.has_value()) {
        const auto first = normalized_text(profile.first_name.value());
        const auto last = normalized_text(profile.last_name.value());
        if (!first || !last || !names_somebody(*first) || !names_somebody(*last)) {
            return std::nullopt;
        }
        name = *first + " " + *last;
    }
    auto normalized = normalized_text(name);
    return normalized && names_somebody(*normalized) ? normalized : std::nullopt;
}

std::optional<std::string> normalized_email(const Profile& profile) {
    if (!profile.email.has_value()) {
        return std::nullopt;
    }
    // Only case and composition: what else looks alike (ss and a sharp s, a ligature and its letters) can be
    // another mailbox or another domain.
    const auto composed = mapped(profile.email.value(), UTF8PROC_STABLE | UTF8PROC_COMPOSE);
    std::optional<std::string> email;
    if (composed) {
        email = lower_case(collapse_space(*composed));
    }
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
    // No country code begins with 0, and a few figures again and again are what forms are filled with.
    const bool plausible =
        phone.size() >= 8 && phone.size() <= 16 && phone[1] != '0' && different_characters(phone) >= 5;
    return plausible ? std::optional(phone) : std::nullopt;
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
    // Letters and zeros hide digits as well as stars do.
    masked = masked || shown.find("XXX") != std::string::npos || shown.starts_with("0000");
    const bool is_stand_in = (!masked && different_characters(shown) <= 1) || shown == "123456789" ||
                             shown.find_first_not_of('0') == std::string::npos;
    if (digits_in(shown) == 0 || is_stand_in) {
        return {};  // "unknown", "XXX-XX-XXXX", "000-00-0000": everybody's, so it must join nobody
    }
    TaxNumber number;
    const std::string tail = shown.size() >= 4 ? shown.substr(shown.size() - 4) : std::string();
    if (digits_in(tail) >= 3) {
        number.last_four = tail;
    }
    if (!masked && digits_in(shown) >= 6) {
        number.full = shown;
    }
    return number;
}

}  // namespace tributary::domain
