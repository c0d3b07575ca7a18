#include "tests/e2e/personal_texts.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "domain/time.hpp"
#include "domain/uuid.hpp"

namespace tributary::e2e {

namespace {

constexpr std::array tells_nothing{
    // Ids that are UUIDs, and references by them.
    std::string_view("id"), std::string_view("clientAccountId"), std::string_view("userId"),
    std::string_view("account_group_id"), std::string_view("business_id"),
    // What kind of thing it is and how it stands.
    std::string_view("type"), std::string_view("status"), std::string_view("venue"),
    std::string_view("pairs"), std::string_view("account-type-name"), std::string_view("authority-level"),
    std::string_view("identifiable-type"), std::string_view("permitted-account-types"),
    std::string_view("country")};

/// A country's code tells nothing by itself, whatever it is said of: that of an address is shown.
bool is_code(std::string_view text) {
    return text.size() <= 3 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// Texts of a tree, but for what stands under these keys.
template <class Visit>
void each_text(const json::Value& tree, std::span<const std::string_view> except, const Visit& visit) {
    if (const std::string* text = tree.if_string()) {
        visit(*text);
    } else if (const json::Array* array = tree.if_array()) {
        for (const json::Value& element : *array) {
            each_text(element, except, visit);
        }
    } else if (const json::Object* object = tree.if_object()) {
        for (const json::Entry& entry : *object) {
            const bool skipped = std::ranges::find(except, entry.key) != except.end();
            if (!skipped) each_text(entry.value, except, visit);
        }
    }
}

}  // namespace

std::set<std::string> personal_texts(const json::Value& population) {
    std::set<std::string> texts;
    for (const std::string_view provider : {"tastytrade", "tdx", "upvest"}) {
        each_text(*population.find(provider), tells_nothing, [&](const std::string& text) {
            if (!is_code(text) && !domain::parse_timestamp(text)) {
                texts.insert(text);
            }
        });
    }
    return texts;
}

void collect_texts(const json::Value& document, std::set<std::string>& texts) {
    each_text(document, {}, [&](const std::string& text) {
        if (!domain::parse_uuid(text) && !domain::parse_timestamp(text)) {
            texts.insert(text);
        }
    });
}

}  // namespace tributary::e2e
