#include <utf8proc.h>

#include <cstdlib>
#include <memory>
#include <utility>

#include "tests/sandbox/population/person.hpp"

namespace tributary::sandbox {

namespace {

template <class Convert>
std::string by_code_point(const std::string& text, Convert convert) {
    std::string out;
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    auto left = static_cast<utf8proc_ssize_t>(text.size());
    while (left > 0) {
        utf8proc_int32_t code_point = 0;
        const utf8proc_ssize_t used = utf8proc_iterate(bytes, left, &code_point);
        utf8proc_uint8_t encoded[4];
        const auto size = utf8proc_encode_char(convert(code_point), encoded);
        out.append(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(size));
        bytes += used;
        left -= used;
    }
    return out;
}

std::string upper(const std::string& text) {
    return by_code_point(text, utf8proc_toupper);
}

std::string full_width(const std::string& text) {
    return by_code_point(text, [](utf8proc_int32_t c) { return c > 0x20 && c < 0x7F ? c + 0xFEE0 : c; });
}

std::string decomposed(const std::string& text) {
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> form(
        utf8proc_NFD(reinterpret_cast<const utf8proc_uint8_t*>(text.c_str())), &std::free);
    return reinterpret_cast<const char*>(form.get());
}

/// Doubles the spaces inside and adds some outside, one of them without a break.
std::string spaced(const std::string& text) {
    std::string out = " ";
    for (const char c : text) {
        out += c == ' ' ? "\u00a0 " : std::string(1, c);
    }
    return out + "  ";
}

}  // namespace

Person spelled(Person person, Spelling spelling) {
    const auto respell = [&person](auto convert) {
        person.first = convert(person.first);
        person.last = convert(person.last);
    };
    switch (spelling) {
        case Spelling::exact:
            break;
        case Spelling::upper:
            respell(upper);
            break;
        case Spelling::spaced:
            respell(spaced);
            break;
        case Spelling::decomposed:
            respell(decomposed);
            break;
        case Spelling::full_width:
            respell(full_width);
            break;
        case Spelling::upper_email:
            person.email = upper(person.email);
            break;
    }
    return person;
}

}  // namespace tributary::sandbox
