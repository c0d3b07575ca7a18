// Typed absence: a provider that does not mention a field has said nothing about it, which is neither null
// nor false nor zero. Every optional field of the domain is a Field, so that the three states survive to the
// API.
#pragma once

#include <optional>
#include <utility>

namespace tributary::domain {

struct Null {
    friend bool operator==(Null, Null) = default;
};

template <class T>
class Field {
  public:
    using value_type = T;

    Field() = default;

    Field(T value)
        : value_(std::move(value)) {}  // a value is a present field

    Field(Null) : null_(true) {}

    /// The provider did not mention the field.
    [[nodiscard]] bool is_absent() const { return !null_ && !value_.has_value(); }

    /// The provider said the field has no value.
    [[nodiscard]] bool is_null() const { return null_; }

    [[nodiscard]] bool has_value() const { return value_.has_value(); }

    /// Only where has_value().
    [[nodiscard]] const T& value() const { return *value_; }

    [[nodiscard]] T& value() { return *value_; }

    /// The value, or nothing for both absent and null.
    [[nodiscard]] const std::optional<T>& optional() const { return value_; }

    friend bool operator==(const Field&, const Field&) = default;

  private:
    std::optional<T> value_;
    bool null_ = false;
};

}  // namespace tributary::domain
