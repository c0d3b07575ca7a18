// What lists choose documents by: names with a value, each one text. A document has several of one name where
// it stands for several things: a customer of two providers has both.
#pragma once

#include <string>
#include <string_view>

#include "domain/uuid.hpp"

namespace tributary::domain {

/// "provider=upvest". Names are provider, status, type and connection; values hold no line end.
inline std::string facet(std::string_view name, std::string_view value) {
    return std::string(name) + '=' + std::string(value);
}

inline std::string connection_facet(const Uuid& connection) {
    return facet("connection", to_text(connection));
}

}  // namespace tributary::domain
