#include "adapters/postgres/array_text.hpp"

#include <algorithm>

#include "adapters/postgres/db_text.hpp"

namespace tributary::postgres {

void ArrayText::open() {
    elements_.back() = ',';
    if (elements_.size() == 2) elements_.resize(1);
}

void ArrayText::add(std::string_view text) {
    open();
    elements_ += '"';
    text = db_text(text);
    while (!text.empty()) {
        const auto special = std::ranges::find_if(text, [](char c) { return c == '"' || c == '\\'; });
        const auto plain = static_cast<std::size_t>(special - text.begin());
        elements_ += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        elements_ += '\\';
        elements_ += text.front();
        text.remove_prefix(1);
    }
    elements_ += "\"}";
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
    open();
    elements_ += text;
    elements_ += '}';
}

}  // namespace tributary::postgres
