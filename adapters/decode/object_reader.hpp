// Reads a provider's JSON object: tolerant in value, strict in meaning. A field of the wrong type is read
// where it can be (a boolean sent as "true", an integer sent as text) and noted as drift; a field that cannot
// be read is absent and noted; a member nobody asked for is noted once the reader is done. Nothing here fails
// an object.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/drift.hpp"
#include "domain/field.hpp"
#include "domain/json/value.hpp"
#include "domain/kinds.hpp"
#include "domain/observation.hpp"
#include "domain/profile.hpp"
#include "domain/time.hpp"

namespace tributary::decode {

/// One provider text of an enumeration and what it means.
template <class E>
struct EnumText {
    std::string_view text;
    E value;
};

/// The object and the notes must outlive the reader. `path` is the JSON path of the object, empty for the
/// root.
class ObjectReader {
  public:
    ObjectReader(const json::Object& object, std::string path, std::vector<domain::DriftNote>& notes);

    /// A string; a number or boolean is taken as its text and noted.
    domain::Field<std::string> text(std::string_view key);
    /// true, false, "true" or "false"; the texts are noted.
    domain::Field<bool> boolean(std::string_view key);
    /// A whole number within 64 bits, as a number or as text.
    domain::Field<std::int64_t> integer(std::string_view key);
    /// A decimal number, as a number or as text, digits kept.
    domain::Field<domain::Decimal> decimal(std::string_view key);
    domain::Field<domain::Date> date(std::string_view key);
    domain::Field<domain::Timestamp> timestamp(std::string_view key);
    /// An enumeration: a text that is not in the table becomes `other` and is noted.
    template <class E>
    domain::Field<domain::EnumPair<E>> choice(std::string_view key, std::span<const EnumText<E>> table);
    /// The same for what describes a person (sex, family, work, residence): an unknown text is noted by its
    /// JSON type alone, because notes reach run reports, which more people read than profiles.
    template <class E>
    domain::Field<domain::EnumPair<E>> personal_choice(std::string_view key,
                                                       std::span<const EnumText<E>> table);
    /// Strings of an array; elements of other types are noted and left out.
    domain::Field<std::vector<std::string>> texts(std::string_view key);
    /// The member as it is, whatever it is.
    domain::Field<json::Value> tree(std::string_view key);
    /// A nested object; nullptr where absent, null or (noted) something else.
    const json::Object* object(std::string_view key);
    /// A nested array; nullptr where absent, null or (noted) something else.
    const json::Array* array(std::string_view key);

    /// Marks a member as known without reading it.
    void known(std::string_view key);
    /// The JSON path of a member of this object.
    [[nodiscard]] std::string path_of(std::string_view key) const;
    /// Notes every member that was never asked for. Call once, last.
    void finish();

  private:
    /// How an unknown text is noted.
    enum class Noted { by_text, by_type };

    const json::Value* take(std::string_view key);
    template <class E>
    domain::Field<domain::EnumPair<E>> choose(std::string_view key, std::span<const EnumText<E>> table,
                                              Noted unknown);
    void note(domain::DriftKind kind, std::string_view key, std::string_view found);

    const json::Object& object_;
    std::string path_;
    std::vector<domain::DriftNote>& notes_;
    std::vector<bool> asked_;
};

template <class E>
domain::Field<domain::EnumPair<E>> ObjectReader::choice(std::string_view key,
                                                        std::span<const EnumText<E>> table) {
    return choose(key, table, Noted::by_text);
}

template <class E>
domain::Field<domain::EnumPair<E>> ObjectReader::personal_choice(std::string_view key,
                                                                 std::span<const EnumText<E>> table) {
    return choose(key, table, Noted::by_type);
}

template <class E>
domain::Field<domain::EnumPair<E>> ObjectReader::choose(std::string_view key,
                                                        std::span<const EnumText<E>> table, Noted unknown) {
    const domain::Field<std::string> read = text(key);
    if (!read.has_value()) {
        return read.is_null() ? domain::Field<domain::EnumPair<E>>(domain::Null{})
                              : domain::Field<domain::EnumPair<E>>();
    }
    for (const EnumText<E>& known : table) {
        if (known.text == read.value()) {
            return domain::EnumPair<E>{known.value, read.value()};
        }
    }
    note(domain::DriftKind::unknown_value, key,
         unknown == Noted::by_text ? domain::enumeration_text(read.value())
                                   : std::string(take(key)->type_name()));
    return domain::EnumPair<E>{E::other, read.value()};
}

}  // namespace tributary::decode
