// What tastytrade says that has no place of its own in the domain is kept under `details`, in snake_case.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "adapters/decode/object_reader.hpp"
#include "domain/json/value.hpp"

namespace tributary::tastytrade {

/// The JSON type in which a detail is kept.
enum class Shape {
    text,    ///< also dates and instants
    flag,    ///< a boolean; "true" and "false" are read as one
    number,  ///< digits kept; a number sent as text is read as one
    tree,    ///< whatever it is, keys in snake_case
};

struct DetailField {
    /// As tastytrade spells it.
    std::string_view key;
    Shape shape = Shape::text;
};

/// Copies the fields that are there. Null stays null. A value that cannot be read in its shape is kept as it
/// is and noted: several of these shapes are documented one way and sent another.
void copy_details(decode::ObjectReader& reader, std::span<const DetailField> fields, json::Object& details);

/// `account-number` as `account_number`.
std::string snake_case(std::string_view key);

/// The value, or nullptr's stand-in: an object without members, so that its readers find every field absent.
const json::Object& or_empty(const json::Object* object);

/// The first that has a value; else null where the first is null.
template <class T>
domain::Field<T> first_of(domain::Field<T> first, domain::Field<T> second) {
    return !first.has_value() && (second.has_value() || first.is_absent()) ? std::move(second)
                                                                           : std::move(first);
}

/// An id that is documented as text and sent as a number, or the other way round; neither is drift.
domain::Field<std::string> id_text(decode::ObjectReader& reader, std::string_view key);

}  // namespace tributary::tastytrade
