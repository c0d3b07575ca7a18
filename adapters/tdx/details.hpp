// Puts fields that have no place of their own into `details` and `permissions`, without losing whether they
// were absent, null or given.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/enum_pair.hpp"
#include "domain/field.hpp"
#include "domain/json/value.hpp"

namespace tributary::tdx {

/// Absent adds nothing, null adds a JSON null.
template <class T>
void put(json::Object& into, std::string_view key, const domain::Field<T>& field) {
    if (field.has_value()) {
        json::set(into, key, json::Value(field.value()));
    } else if (field.is_null()) {
        json::set(into, key, json::Value());
    }
}

/// `key` holds the normalized name, `provider_<key>` the provider's own text.
template <class E>
void put(json::Object& into, std::string_view key, const domain::Field<domain::EnumPair<E>>& field) {
    if (field.is_null()) {
        json::set(into, key, json::Value());
    }
    if (!field.has_value()) {
        return;
    }
    json::set(into, key, json::Value(domain::name_of(field.value().value)));
    if (const std::optional<std::string>& text = field.value().provider_text) {
        json::set(into, "provider_" + std::string(key), json::Value(*text));
    }
}

/// camelCase as snake_case: "canTrade" is "can_trade", "MFAEnabled" is "mfa_enabled".
std::string snake_case(std::string_view camel_case);

}  // namespace tributary::tdx
