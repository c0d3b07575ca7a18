// A JSON tree that keeps what was written: numbers stay text (a double would lose digits of money and ids),
// members keep their order. Built by parse(), printed by write().
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tributary::json {

/// A number as its own text, exactly as it stood in the document, e.g. "0.10" or "12345678901234567890".
struct Number {
    std::string lexeme;
    friend bool operator==(const Number&, const Number&) = default;
};

class Value;
struct Entry;
using Array = std::vector<Value>;
/// Members in document order. Keys are unique in every tree made by parse().
using Object = std::vector<Entry>;

class Value {
  public:
    Value();  // null
    template <std::same_as<bool> B>
    Value(B value);
    template <std::integral I>
        requires(!std::same_as<I, bool>)
    Value(I value);
    Value(Number value);
    Value(std::string value);
    Value(std::string_view value);
    Value(const char* value);
    Value(Array value);
    Value(Object value);
    Value(const Value&);
    Value(Value&&) noexcept;
    Value& operator=(const Value&);
    Value& operator=(Value&&) noexcept;
    ~Value();

    [[nodiscard]] bool is_null() const { return std::holds_alternative<std::monostate>(data_); }

    [[nodiscard]] const bool* if_bool() const { return std::get_if<bool>(&data_); }

    [[nodiscard]] const Number* if_number() const { return std::get_if<Number>(&data_); }

    [[nodiscard]] const std::string* if_string() const { return std::get_if<std::string>(&data_); }

    [[nodiscard]] const Array* if_array() const { return std::get_if<Array>(&data_); }

    [[nodiscard]] const Object* if_object() const { return std::get_if<Object>(&data_); }

    [[nodiscard]] Array* if_array() { return std::get_if<Array>(&data_); }

    [[nodiscard]] Object* if_object() { return std::get_if<Object>(&data_); }

    /// The member of an object, or nullptr where this is no object or has no such member.
    [[nodiscard]] const Value* find(std::string_view key) const;

    /// "null", "boolean", "number", "string", "array" or "object".
    [[nodiscard]] std::string_view type_name() const;

    friend bool operator==(const Value&, const Value&);

  private:
    std::variant<std::monostate, bool, Number, std::string, Array, Object> data_;
};

struct Entry {
    std::string key;
    Value value;
    friend bool operator==(const Entry&, const Entry&);
};

template <std::same_as<bool> B>
Value::Value(B value) : data_(value) {}

template <std::integral I>
    requires(!std::same_as<I, bool>)
Value::Value(I value) : data_(Number{std::to_string(value)}) {}

/// The value under `key`, or nullptr.
const Value* find(const Object& object, std::string_view key);
/// Replaces or appends.
void set(Object& object, std::string_view key, Value value);

}  // namespace tributary::json
