// What an action on T-DX may say: its arguments checked, and the bodies that T-DX is sent. Pure.
#pragma once

#include <expected>
#include <string>
#include <vector>

#include "domain/error.hpp"
#include "domain/json/value.hpp"
#include "domain/profile.hpp"

namespace tributary::tdx {

/// Every fault with its pointer, or the order.
template <class T>
using Checked = std::expected<T, std::vector<domain::Error>>;

/// {"language", "provider_language", "notifications": {four booleans}}. T-DX replaces the whole object, so
/// everything is required: a member left out could only be guessed. `provider_language` belongs to the
/// language `other` alone, which it spells as T-DX does ("LANGUAGE_ROMANSH").
struct PreferencesOrder {
    /// As T-DX spells it.
    std::string language;
    bool order_placement = false;
    bool order_confirmation = false;
    bool order_cancellation = false;
    bool settlement_line = false;
};

/// {"type", "sub_type", "key", "value", "content_type"}, all required texts; only the value may be empty.
struct AttributeOrder {
    std::string type;
    std::string sub_type;
    std::string key;
    std::string value;
    std::string content_type;
};

Checked<PreferencesOrder> read_preferences_order(const json::Object& arguments);
Checked<AttributeOrder> read_attribute_order(const json::Object& arguments);
/// A fault for every member: the order has none.
std::vector<domain::Error> check_no_arguments(const json::Object& arguments);

/// The body of PUT /users/me/preferences.
std::string body_of(const PreferencesOrder& order);
/// The body of POST /users/me/attributes.
std::string body_of(const AttributeOrder& order);

/// The preferences say what was ordered.
bool holds(const domain::Preferences& preferences, const PreferencesOrder& order);
/// The attribute stands where the order wants one: the same type, sub-type and key.
bool is_place_of(const domain::Attribute& attribute, const AttributeOrder& order);
/// It also has the value and the content type.
bool holds(const domain::Attribute& attribute, const AttributeOrder& order);

}  // namespace tributary::tdx
