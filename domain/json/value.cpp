#include "domain/json/value.hpp"

#include <algorithm>

namespace tributary::json {

Value::Value() = default;

Value::Value(Number value) : data_(std::move(value)) {}

Value::Value(std::string value) : data_(std::move(value)) {}

Value::Value(std::string_view value) : data_(std::string(value)) {}

Value::Value(const char* value) : data_(std::string(value)) {}

Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;

Value::Value(Array value) : data_(std::move(value)) {}

Value::Value(Object value) : data_(std::move(value)) {}

const Value* Value::find(std::string_view key) const {
    const Object* object = if_object();
    return object == nullptr ? nullptr : json::find(*object, key);
}

std::string_view Value::type_name() const {
    static constexpr std::string_view names[] = {"null", "boolean", "number", "string", "array", "object"};
    return names[data_.index()];
}

bool operator==(const Value& left, const Value& right) {
    return left.data_ == right.data_;
}

bool operator==(const Entry& left, const Entry& right) {
    return left.key == right.key && left.value == right.value;
}

const Value* find(const Object& object, std::string_view key) {
    const auto found = std::ranges::find(object, key, &Entry::key);
    return found == object.end() ? nullptr : &found->value;
}

void set(Object& object, std::string_view key, Value value) {
    const auto found = std::ranges::find(object, key, &Entry::key);
    if (found == object.end()) {
        object.push_back({std::string(key), std::move(value)});
    } else {
        found->value = std::move(value);
    }
}

}  // namespace tributary::json
