#include "adapters/postgres/array_text.hpp"

#include "adapters/postgres/db_text.hpp"

namespace tributary::postgres {

void ArrayText::add(std::string_view text) {
    if (elements_.size() > 1) elements_ += ',';
    elements_ += '"';
    for (const char c : db_text(text)) {
        if (c == '"' || c == '\\') elements_ += '\\';
        elements_ += c;
    }
    elements_ += '"';
}

void ArrayText::add(const domain::Uuid& id) {
    add_bare(domain::to_text(id));
}

void ArrayText::add(domain::Timestamp at) {
    add_bare(domain::to_text(at));
}

void ArrayText::add(bool value) {
    add_bare(value ? "t" : "f");
}

void ArrayText::add_bare(std::string_view text) {
    if (elements_.size() > 1) elements_ += ',';
    elements_ += text;
}

}  // namespace tributary::postgres
