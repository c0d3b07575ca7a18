// Which media types a client wants (RFC 9110, 12.5.1). Pure.
#pragma once

#include <initializer_list>
#include <string_view>

namespace tributary::http {

/// True if an Accept field (all of them, joined by commas) takes one of these media types, given in lower
/// case. Ranges that are malformed are left out; a field without any well-formed one takes everything. Of the
/// ranges that fit a type the most specific decides, and of these the largest weight; parameters other than
/// the weight are not looked at.
bool accepts(std::string_view accept, std::initializer_list<std::string_view> media_types);

}  // namespace tributary::http
