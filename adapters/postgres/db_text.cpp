#include "adapters/postgres/db_text.hpp"

#include "adapters/postgres/failure.hpp"
#include "domain/http/grammar.hpp"

namespace tributary::postgres {

namespace {

bool holds_nul(std::string_view text) {
    return text.find('\0') != std::string_view::npos;
}

}  // namespace

bool is_db_text(std::string_view text) {
    return !holds_nul(text) && http::is_utf8(text);
}

std::string_view db_text(std::string_view text) {
    if (holds_nul(text)) {
        refuse(domain::Errc::contract, "a text holds U+0000, which the database cannot store");
    }
    if (!http::is_utf8(text)) {
        refuse(domain::Errc::contract, "a text is not valid UTF-8 and cannot be stored");
    }
    return text;
}

}  // namespace tributary::postgres
