// Tree to text: compact, member order kept, numbers as their own text. Equal trees give equal bytes, so the
// text can be hashed and compared.
#pragma once

#include <string>
#include <string_view>

#include "domain/json/value.hpp"

namespace tributary::json {

std::string write(const Value& value);
void write_to(std::string& out, const Value& value);
/// Appends `text` as a JSON string with its quotes.
void write_string(std::string& out, std::string_view text);

}  // namespace tributary::json
