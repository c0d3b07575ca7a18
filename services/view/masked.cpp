#include "services/view/masked.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include "domain/document.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "domain/uuid.hpp"
#include "services/view/mask_rules.hpp"

namespace tributary::view {

namespace {

constexpr std::string_view hidden = "***";

std::string last_four_of(const std::string& text) {
    constexpr std::size_t shown = 4;
    constexpr std::size_t shortest = 8;
    const bool is_masked = text.size() == hidden.size() + shown && text.starts_with(hidden);
    if (is_masked) return text;
    // Where a character may take several bytes, neither the end nor the length is what it seems.
    const bool is_plain = std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
    std::string seen(hidden);
    if (is_plain && text.size() >= shortest) seen += text.substr(text.size() - shown);
    return seen;
}

bool is_country(std::string_view text) {
    return (text.size() == 2 || text.size() == 3) &&
           std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

json::Object masked_object(const json::Object& object, std::span<const MaskRule> rules);

std::optional<json::Value> masked_text(const std::string& text, Masking masking) {
    switch (masking) {
        case Masking::mask:
            return hidden;
        case Masking::last_four:
            return last_four_of(text);
        case Masking::account_id:
            return domain::parse_uuid(text) ? text : last_four_of(text);
        case Masking::person_id:
            return masked_provider_id(text);
        case Masking::country:
            return is_country(text) ? std::string_view(text) : hidden;
        default:
            return std::nullopt;
    }
}

std::optional<json::Value> masked_array(const json::Array& array, const MaskRule& rule) {
    if (rule.masking != Masking::texts && rule.masking != Masking::objects) return std::nullopt;
    json::Array seen;
    for (const json::Value& element : array) {
        if (rule.masking == Masking::texts && element.if_string() != nullptr) {
            seen.push_back(element);
        } else if (rule.masking == Masking::objects && element.if_object() != nullptr) {
            seen.emplace_back(masked_object(*element.if_object(), rule.inside));
        }
    }
    return seen;
}

json::Object flags_of(const json::Object& object) {
    json::Object seen;
    for (const json::Entry& entry : object) {
        if (entry.value.if_bool() != nullptr) seen.push_back(entry);
    }
    return seen;
}

/// Nothing: it is left out.
std::optional<json::Value> masked_value(const json::Value& value, const MaskRule& rule) {
    if (const json::Array* array = value.if_array()) {
        return masked_array(*array, rule);
    }
    if (const json::Object* object = value.if_object()) {
        return rule.masking == Masking::flags ? std::optional<json::Value>(flags_of(*object)) : std::nullopt;
    }
    if (rule.masking == Masking::keep) {
        return value;
    }
    const std::string* text = value.if_string();
    return text != nullptr ? masked_text(*text, rule.masking) : std::nullopt;
}

json::Object masked_object(const json::Object& object, std::span<const MaskRule> rules) {
    json::Object seen;
    for (const json::Entry& entry : object) {
        const auto rule = std::ranges::find(rules, entry.key, &MaskRule::member);
        if (rule == rules.end()) continue;
        if (auto value = masked_value(entry.value, *rule)) {
            seen.push_back({entry.key, std::move(*value)});
        }
    }
    return seen;
}

}  // namespace

std::string masked(domain::EntityKind kind, std::string_view body) {
    const auto parsed = json::parse(body, body.size(), domain::deepest_document);
    const json::Object* document = parsed ? parsed->root.if_object() : nullptr;
    if (document == nullptr) {
        throw std::logic_error("a document that is to be masked is no JSON object");
    }
    json::Object seen = masked_object(*document, mask_rules(kind));
    seen.push_back({"masked", true});
    for (json::Entry& entry : masked_object(*document, stamp_mask_rules())) {
        seen.push_back(std::move(entry));
    }
    return json::write(seen);
}

json::Object masked_members(domain::EntityKind kind, const json::Object& members) {
    return masked_object(members, mask_rules(kind));
}

std::string masked_provider_id(std::string_view id) {
    return std::string(domain::parse_uuid(id) ? id : hidden);
}

}  // namespace tributary::view
