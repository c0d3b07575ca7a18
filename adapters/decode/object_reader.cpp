#include "adapters/decode/object_reader.hpp"

#include <algorithm>
#include <charconv>

namespace tributary::decode {

using domain::DriftKind;
using domain::Field;
using domain::Null;

namespace {

/// Only what JSON allows as a number, so that "+1", " 1" or "1,000" stay text.
bool is_decimal(std::string_view text) {
    std::size_t i = text.starts_with('-') ? 1 : 0;
    const auto digits = [&] {
        const std::size_t start = i;
        while (i < text.size() && text[i] >= '0' && text[i] <= '9') {
            ++i;
        }
        return i - start;
    };
    const std::size_t whole_start = i;
    const std::size_t whole = digits();
    if (whole == 0 || (whole > 1 && text[whole_start] == '0')) {
        return false;
    }
    if (i < text.size() && text[i] == '.') {
        ++i;
        if (digits() == 0) {
            return false;
        }
    }
    return i == text.size() && text.size() <= 64;
}

}  // namespace

ObjectReader::ObjectReader(const json::Object& object, std::string path,
                           std::vector<domain::DriftNote>& notes)
    : object_(object), path_(std::move(path)), notes_(notes), asked_(object.size()) {}

const json::Value* ObjectReader::take(std::string_view key) {
    const auto found = std::ranges::find(object_, key, &json::Entry::key);
    if (found == object_.end()) {
        return nullptr;
    }
    asked_[static_cast<std::size_t>(found - object_.begin())] = true;
    return &found->value;
}

void ObjectReader::known(std::string_view key) {
    take(key);
}

std::string ObjectReader::path_of(std::string_view key) const {
    return path_.empty() ? std::string(key) : path_ + "." + std::string(key);
}

void ObjectReader::note(DriftKind kind, std::string_view key, std::string_view found) {
    notes_.push_back({kind, path_of(key), std::string(found)});
}

void ObjectReader::finish() {
    for (std::size_t i = 0; i < object_.size(); ++i) {
        if (!asked_[i]) {
            note(DriftKind::new_field, domain::field_name(object_[i].key), object_[i].value.type_name());
        }
    }
}

Field<std::string> ObjectReader::text(std::string_view key) {
    const json::Value* value = take(key);
    if (value == nullptr) {
        return {};
    }
    if (value->is_null()) {
        return Null{};
    }
    if (const std::string* string = value->if_string()) {
        return *string;
    }
    note(DriftKind::changed_type, key, value->type_name());
    if (const json::Number* number = value->if_number()) {
        return number->lexeme;
    }
    if (const bool* flag = value->if_bool()) {
        return std::string(*flag ? "true" : "false");
    }
    return {};
}

Field<bool> ObjectReader::boolean(std::string_view key) {
    const json::Value* value = take(key);
    if (value == nullptr) {
        return {};
    }
    if (value->is_null()) {
        return Null{};
    }
    if (const bool* flag = value->if_bool()) {
        return *flag;
    }
    note(DriftKind::changed_type, key, value->type_name());
    if (const std::string* string = value->if_string();
        string != nullptr && (*string == "true" || *string == "false")) {
        return *string == "true";
    }
    return {};
}

Field<domain::Decimal> ObjectReader::decimal(std::string_view key) {
    const json::Value* value = take(key);
    if (value == nullptr) {
        return {};
    }
    if (value->is_null()) {
        return Null{};
    }
    if (const json::Number* number = value->if_number(); number != nullptr && is_decimal(number->lexeme)) {
        return *number;
    }
    if (const std::string* string = value->if_string(); string != nullptr && is_decimal(*string)) {
        return domain::Decimal{*string};
    }
    note(DriftKind::unreadable_value, key, value->type_name());
    return {};
}

Field<std::int64_t> ObjectReader::integer(std::string_view key) {
    const json::Value* value = take(key);
    if (value == nullptr) {
        return {};
    }
    if (value->is_null()) {
        return Null{};
    }
    const json::Number* number = value->if_number();
    const std::string* string = value->if_string();
    if (number != nullptr || string != nullptr) {
        const std::string& digits = number != nullptr ? number->lexeme : *string;
        std::int64_t whole = 0;
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), whole);
        if (error == std::errc{} && end == digits.data() + digits.size()) {
            if (string != nullptr) {
                note(DriftKind::changed_type, key, value->type_name());
            }
            return whole;
        }
    }
    note(DriftKind::unreadable_value, key, value->type_name());
    return {};
}

Field<domain::Date> ObjectReader::date(std::string_view key) {
    const Field<std::string> read = text(key);
    if (!read.has_value()) {
        return read.is_null() ? Field<domain::Date>(Null{}) : Field<domain::Date>();
    }
    if (const auto day = domain::parse_date(read.value())) {
        return *day;
    }
    note(DriftKind::unreadable_value, key, "string");
    return {};
}

Field<domain::Timestamp> ObjectReader::timestamp(std::string_view key) {
    const Field<std::string> read = text(key);
    if (!read.has_value()) {
        return read.is_null() ? Field<domain::Timestamp>(Null{}) : Field<domain::Timestamp>();
    }
    if (const auto at = domain::parse_timestamp(read.value())) {
        return *at;
    }
    note(DriftKind::unreadable_value, key, "string");
    return {};
}

Field<std::vector<std::string>> ObjectReader::texts(std::string_view key) {
    const json::Value* value = take(key);
    if (value == nullptr) {
        return {};
    }
    if (value->is_null()) {
        return Null{};
    }
    const json::Array* elements = value->if_array();
    if (elements == nullptr) {
        note(DriftKind::changed_type, key, value->type_name());
        return {};
    }
    std::vector<std::string> read;
    for (const json::Value& element : *elements) {
        if (const std::string* string = element.if_string()) {
            read.push_back(*string);
        } else {
            note(DriftKind::changed_type, std::string(key) + "[]", element.type_name());
        }
    }
    return read;
}

Field<json::Value> ObjectReader::tree(std::string_view key) {
    const json::Value* value = take(key);
    return value == nullptr ? Field<json::Value>() : Field<json::Value>(*value);
}

const json::Object* ObjectReader::object(std::string_view key) {
    const json::Value* value = take(key);
    if (value == nullptr || value->is_null()) {
        return nullptr;
    }
    if (value->if_object() == nullptr) {
        note(DriftKind::changed_type, key, value->type_name());
    }
    return value->if_object();
}

const json::Array* ObjectReader::array(std::string_view key) {
    const json::Value* value = take(key);
    if (value == nullptr || value->is_null()) {
        return nullptr;
    }
    if (value->if_array() == nullptr) {
        note(DriftKind::changed_type, key, value->type_name());
    }
    return value->if_array();
}

}  // namespace tributary::decode
