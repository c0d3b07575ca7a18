#include "adapters/jwt/strict_json.hpp"

#include <utility>

#include "domain/json/parse.hpp"

namespace tributary::jwt {

std::optional<json::Object> strict_object(std::string_view text, std::size_t max_values) {
    auto parsed = json::parse(text, max_values);
    if (!parsed || !parsed->duplicate_keys.empty() || parsed->root.if_object() == nullptr) {
        return std::nullopt;
    }
    return std::move(*parsed->root.if_object());
}

const std::string* text_in(const json::Object& object, std::string_view name) {
    const json::Value* value = json::find(object, name);
    return value == nullptr ? nullptr : value->if_string();
}

}  // namespace tributary::jwt
