// The one way for text to reach the database. libpqxx 6.4 cuts a parameter at its first NUL without a word,
// and PostgreSQL refuses bad UTF-8 in the middle of a transaction, so both are refused here, before anything
// is sent.
#pragma once

#include <string_view>

namespace tributary::postgres {

/// Whether the database can hold `text`: UTF-8 without U+0000.
bool is_db_text(std::string_view text);

/// Returns `text`; throws Failure with Errc::contract where it holds U+0000 or is not UTF-8.
std::string_view db_text(std::string_view text);

}  // namespace tributary::postgres
