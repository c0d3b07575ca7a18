// Structs of the domain to JSON and back, driven by their member lists. Absent fields leave no trace, null
// stays null, an enumeration becomes two members: `status` (ours) and `provider_status` (the provider's
// text). Reading back is for our own stored text; what a provider sends goes through adapters/decode.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "domain/enum_pair.hpp"
#include "domain/field.hpp"
#include "domain/json/value.hpp"
#include "domain/members.hpp"
#include "domain/time.hpp"

namespace tributary::json {

template <domain::Described T>
Object to_object(const T& value);

namespace codec_detail {

template <class T>
struct IsEnumPair : std::false_type {};

template <class E>
struct IsEnumPair<domain::EnumPair<E>> : std::true_type {};

template <class T>
struct IsField : std::false_type {};

template <class T>
struct IsField<domain::Field<T>> : std::true_type {};

template <class T>
struct IsVector : std::false_type {};

template <class T>
struct IsVector<std::vector<T>> : std::true_type {};

template <class T>
Value encode(const T& value) {
    if constexpr (domain::Described<T>) {
        return to_object(value);
    } else if constexpr (std::same_as<T, domain::Date> || std::same_as<T, domain::Timestamp>) {
        return domain::to_text(value);
    } else if constexpr (IsVector<T>::value && !std::same_as<T, Object>) {
        Array array;
        array.reserve(value.size());
        for (const auto& element : value) {
            array.push_back(encode(element));
        }
        return array;
    } else if constexpr (std::same_as<T, Number>) {
        // As text: a reader's JSON library would make a double of it and lose digits of money.
        return value.lexeme;
    } else {
        return value;  // bool, integers, std::string, Object
    }
}

template <class T>
void encode_member(Object& out, std::string_view name, const T& value) {
    if constexpr (IsEnumPair<T>::value) {
        out.push_back({std::string(name), domain::name_of(value.value)});
        if (value.provider_text) {
            out.push_back({"provider_" + std::string(name), *value.provider_text});
        }
    } else if constexpr (IsField<T>::value) {
        if (value.is_null()) {
            out.push_back({std::string(name), Value()});
        } else if (value.has_value()) {
            encode_member(out, name, value.value());
        }
    } else if constexpr (domain::Described<T> || std::same_as<T, Object>) {
        Value nested = encode(value);
        if (!nested.if_object()->empty()) {
            out.push_back({std::string(name), std::move(nested)});
        }
    } else if constexpr (IsVector<T>::value) {
        // A bare vector knows no absence: empty means that there was nothing to say. Field<vector> does.
        if (!value.empty()) {
            out.push_back({std::string(name), encode(value)});
        }
    } else {
        out.push_back({std::string(name), encode(value)});
    }
}

template <class T>
void encode_member(Object& out, std::string_view name, const domain::Field<std::vector<T>>& value) {
    if (value.is_null()) {
        out.push_back({std::string(name), Value()});
    } else if (value.has_value()) {
        out.push_back({std::string(name), encode(value.value())});
    }
}

template <class T>
bool decode(const Value& from, T& to);

template <class T>
void decode_member(const Object& from, std::string_view name, T& to) {
    const Value* value = find(from, name);
    if (value == nullptr) {
        return;
    }
    if constexpr (IsField<T>::value) {
        using Inner = typename T::value_type;
        if (value->is_null()) {
            to = domain::Null{};
            return;
        }
        Inner inner{};
        if constexpr (IsEnumPair<Inner>::value) {
            decode_member(from, name, inner);
            to = std::move(inner);
        } else if (decode(*value, inner)) {
            to = std::move(inner);
        }
    } else if constexpr (IsEnumPair<T>::value) {
        if (const std::string* text = value->if_string()) {
            to.value = domain::value_named<decltype(to.value)>(*text);
        }
        if (const Value* theirs = find(from, "provider_" + std::string(name));
            theirs != nullptr && theirs->if_string()) {
            to.provider_text = *theirs->if_string();
        }
    } else {
        decode(*value, to);
    }
}

template <class T>
bool decode(const Value& from, T& to) {
    if constexpr (domain::Described<T>) {
        const Object* object = from.if_object();
        if (object != nullptr) {
            domain::for_each_member(
                to, [&](std::string_view name, auto& member) { decode_member(*object, name, member); });
        }
        return object != nullptr;
    } else if constexpr (std::same_as<T, bool>) {
        const bool* flag = from.if_bool();
        to = flag != nullptr && *flag;
        return flag != nullptr;
    } else if constexpr (std::integral<T>) {
        const Number* number = from.if_number();
        if (number == nullptr) {
            return false;
        }
        const char* end = number->lexeme.data() + number->lexeme.size();
        return std::from_chars(number->lexeme.data(), end, to).ptr == end;
    } else if constexpr (std::same_as<T, Number>) {
        const std::string* text = from.if_string();
        to = Number{text != nullptr ? *text : ""};
        return text != nullptr;
    } else if constexpr (std::same_as<T, std::string>) {
        const std::string* text = from.if_string();
        to = text != nullptr ? *text : std::string();
        return text != nullptr;
    } else if constexpr (std::same_as<T, domain::Date>) {
        const std::string* text = from.if_string();
        const auto day = text != nullptr ? domain::parse_date(*text) : std::nullopt;
        to = day.value_or(domain::Date{});
        return day.has_value();
    } else if constexpr (std::same_as<T, domain::Timestamp>) {
        const std::string* text = from.if_string();
        const auto at = text != nullptr ? domain::parse_timestamp(*text) : std::nullopt;
        to = at.value_or(domain::Timestamp{});
        return at.has_value();
    } else if constexpr (std::same_as<T, Object>) {
        const Object* object = from.if_object();
        to = object != nullptr ? *object : Object{};
        return object != nullptr;
    } else {
        const Array* array = from.if_array();
        if (array == nullptr) {
            return false;
        }
        for (const Value& element : *array) {
            typename T::value_type one{};
            if (decode(element, one)) {
                to.push_back(std::move(one));
            }
        }
        return true;
    }
}

}  // namespace codec_detail

/// Members in the order of the struct's list.
template <domain::Described T>
Object to_object(const T& value) {
    Object out;
    domain::for_each_member(value, [&](std::string_view name, const auto& member) {
        codec_detail::encode_member(out, name, member);
    });
    return out;
}

/// What to_object() wrote; unknown members are ignored, missing ones are absent.
template <domain::Described T>
T from_object(const Object& object) {
    T value;
    domain::for_each_member(value, [&](std::string_view name, auto& member) {
        codec_detail::decode_member(object, name, member);
    });
    return value;
}

/// Appends one member as to_object() would.
template <class T>
void append_member(Object& out, std::string_view name, const T& value) {
    codec_detail::encode_member(out, name, value);
}

/// Reads one member as from_object() would; leaves `to` alone where it is missing.
template <class T>
void read_member(const Object& from, std::string_view name, T& to) {
    codec_detail::decode_member(from, name, to);
}

}  // namespace tributary::json
