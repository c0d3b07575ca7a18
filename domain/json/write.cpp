#include "domain/json/write.hpp"

#include <algorithm>

namespace tributary::json {

void write_string(std::string& out, std::string_view text) {
    static constexpr char hex[] = "0123456789abcdef";
    out.push_back('"');
    while (!text.empty()) {
        const auto special = std::ranges::find_if(
            text, [](char c) { return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20; });
        const auto plain = static_cast<std::size_t>(special - text.begin());
        out += text.substr(0, plain);
        if (plain == text.size()) break;
        const char c = *special;
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(c);
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\t') {
            out += "\\t";
        } else if (c == '\r') {
            out += "\\r";
        } else {
            out += "\\u00";
            out.push_back(hex[byte >> 4U]);
            out.push_back(hex[byte & 0xFU]);
        }
        text.remove_prefix(plain + 1);
    }
    out.push_back('"');
}

void write_to(std::string& out, const Value& value) {
    if (value.is_null()) {
        out += "null";
    } else if (const bool* flag = value.if_bool()) {
        out += *flag ? "true" : "false";
    } else if (const Number* number = value.if_number()) {
        out += number->lexeme;
    } else if (const std::string* text = value.if_string()) {
        write_string(out, *text);
    } else if (const Array* array = value.if_array()) {
        char separator = '[';
        for (const Value& element : *array) {
            out.push_back(separator);
            write_to(out, element);
            separator = ',';
        }
        out += array->empty() ? "[]" : "]";
    } else if (const Object* object = value.if_object()) {
        char separator = '{';
        for (const Entry& entry : *object) {
            out.push_back(separator);
            write_string(out, entry.key);
            out.push_back(':');
            write_to(out, entry.value);
            separator = ',';
        }
        out += object->empty() ? "{}" : "}";
    }
}

std::string write(const Value& value) {
    std::string out;
    write_to(out, value);
    return out;
}

}  // namespace tributary::json
