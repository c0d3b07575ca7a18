#include "adapters/tastytrade/details.hpp"

#include <algorithm>
#include <utility>

namespace tributary::tastytrade {

using domain::Field;

namespace {

json::Value with_snake_keys(const json::Value& value) {
    if (const json::Array* elements = value.if_array()) {
        json::Array copy;
        copy.reserve(elements->size());
        std::ranges::transform(*elements, std::back_inserter(copy), with_snake_keys);
        return copy;
    }
    if (const json::Object* members = value.if_object()) {
        json::Object copy;
        for (const json::Entry& member : *members) {
            json::set(copy, snake_case(member.key), with_snake_keys(member.value));
        }
        return copy;
    }
    return value;
}

template <class T>
Field<json::Value> or_as_sent(decode::ObjectReader& reader, std::string_view key, const Field<T>& read) {
    if (read.has_value()) {
        return json::Value(read.value());
    }
    const Field<json::Value> sent = reader.tree(key);
    return sent.has_value() ? Field<json::Value>(with_snake_keys(sent.value())) : sent;
}

Field<json::Value> read_detail(decode::ObjectReader& reader, const DetailField& field) {
    switch (field.shape) {
        case Shape::text:
            return or_as_sent(reader, field.key, reader.text(field.key));
        case Shape::flag:
            return or_as_sent(reader, field.key, reader.boolean(field.key));
        case Shape::number:
            return or_as_sent(reader, field.key, reader.decimal(field.key));
        case Shape::tree:
            break;
    }
    return or_as_sent(reader, field.key, Field<json::Value>());
}

}  // namespace

void copy_details(decode::ObjectReader& reader, std::span<const DetailField> fields, json::Object& details) {
    for (const DetailField& field : fields) {
        Field<json::Value> read = read_detail(reader, field);
        if (read.has_value()) {
            json::set(details, snake_case(field.key), std::move(read.value()));
        }
    }
}

std::string snake_case(std::string_view key) {
    std::string name(key);
    std::ranges::replace(name, '-', '_');
    return name;
}

const json::Object& or_empty(const json::Object* object) {
    static const json::Object empty;
    return object != nullptr ? *object : empty;
}

Field<std::string> id_text(decode::ObjectReader& reader, std::string_view key) {
    const Field<json::Value> sent = reader.tree(key);
    if (sent.has_value()) {
        if (const json::Number* number = sent.value().if_number()) {
            return number->lexeme;
        }
    }
    return reader.text(key);
}

}  // namespace tributary::tastytrade
