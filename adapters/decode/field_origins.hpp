// A provider's table of where its payloads have the fields of a person. What is in it is checked against the
// decoder: a test sets each place and looks which field appears.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "domain/ports/provider.hpp"

namespace tributary::decode {

struct OriginRow {
    /// Ours: "tax.number".
    std::string_view field;
    /// As in domain::ports::FieldOrigin.
    std::vector<std::string_view> places;
};

inline std::optional<domain::ports::FieldOrigin> origin_in(std::span<const OriginRow> rows,
                                                           std::string_view field) {
    for (const OriginRow& row : rows) {
        if (row.field == field) {
            return domain::ports::FieldOrigin{row.places};
        }
    }
    return std::nullopt;
}

}  // namespace tributary::decode
