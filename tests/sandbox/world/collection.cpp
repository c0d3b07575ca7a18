#include "tests/sandbox/world/collection.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"

namespace tributary::sandbox {

namespace {

std::int64_t number_at(std::string_view text, std::size_t from, std::size_t count) {
    std::int64_t number = 0;
    for (const char c : text.substr(from, count)) {
        number = number * 10 + (c - '0');
    }
    return number;
}

/// The common form with `Z`, read without a stream: there are hundreds of thousands of them at start.
std::optional<domain::Timestamp> quick_time(std::string_view text) {
    static constexpr std::string_view form = "dddd-dd-ddTdd:dd:dd";
    if (text.size() < form.size() + 1 || text.back() != 'Z') return std::nullopt;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const char expected = i < form.size() ? form[i] : i == form.size() ? '.' : 'd';
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (expected == 'd' ? !digit : text[i] != expected) return std::nullopt;
    }
    const auto day = std::chrono::year(static_cast<int>(number_at(text, 0, 4))) /
                     static_cast<int>(number_at(text, 5, 2)) / static_cast<int>(number_at(text, 8, 2));
    if (!day.ok()) return std::nullopt;
    const std::int64_t seconds =
        number_at(text, 11, 2) * 3600 + number_at(text, 14, 2) * 60 + number_at(text, 17, 2);
    std::string fraction(text.size() > 21 ? text.substr(20, text.size() - 21) : "");
    fraction.resize(6, '0');
    return std::chrono::sys_days(day) + std::chrono::seconds(seconds) +
           std::chrono::microseconds(number_at(fraction, 0, 6));
}

domain::Timestamp time_at(const json::Object& object, std::string_view key) {
    const json::Value* value = key.empty() ? nullptr : json::find(object, key);
    const std::string* text = value == nullptr ? nullptr : value->if_string();
    if (text == nullptr) return {};
    const auto quick = quick_time(*text);
    return quick ? *quick : domain::parse_timestamp(*text).value_or(domain::Timestamp{});
}

}  // namespace

Item& Collection::add(Item item) {
    touched();
    Item& kept = items_.emplace_back(std::move(item));
    by_id_.emplace(kept.id, &kept);
    return kept;
}

const Item* Collection::find(std::string_view id) const {
    const auto found = by_id_.find(std::string(id));
    return found == by_id_.end() || found->second->removed ? nullptr : found->second;
}

Item* Collection::find_any(std::string_view id) {
    const auto found = by_id_.find(std::string(id));
    return found == by_id_.end() ? nullptr : found->second;
}

std::vector<const Item*> Collection::in_order(std::string_view parent) const {
    std::vector<const Item*> found;
    for (const Item& item : items_) {
        if (!item.removed && item.parent == parent) {
            found.push_back(&item);
        }
    }
    return found;
}

const std::vector<const Item*>& Collection::of(std::string_view parent, SortKey key) const {
    const auto [place, is_new] = sorted_.try_emplace(std::string(parent));
    if (is_new) {
        auto& [by_created, by_updated] = place->second;
        by_created = in_order(parent);
        by_updated = by_created;
        std::ranges::sort(by_created, {}, [](const Item* item) { return std::tie(item->created, item->id); });
        std::ranges::sort(by_updated, {}, [](const Item* item) { return std::tie(item->updated, item->id); });
    }
    return place->second[key == SortKey::created ? 0 : 1];
}

std::vector<const Item*> Collection::live() const {
    std::vector<const Item*> found;
    for (const Item& item : items_) {
        if (!item.removed) {
            found.push_back(&item);
        }
    }
    return found;
}

json::Object object_of(const Item& item) {
    auto parsed = json::parse(item.text);
    json::Object* object = parsed ? parsed->root.if_object() : nullptr;
    return object == nullptr ? json::Object{} : std::move(*object);
}

void set_object(Item& item, Kind kind, const json::Object& object) {
    const KindFacts& facts = facts_of(kind);
    item.created = time_at(object, facts.created_key);
    item.updated = time_at(object, facts.updated_key);
    item.text = json::write(json::Value(object));
}

Item make_item(Kind kind, std::string id, std::string parent, const json::Object& object,
               std::string person) {
    Item item{std::move(id), std::move(parent), {}, {}, {}, std::move(person), false};
    set_object(item, kind, object);
    return item;
}

}  // namespace tributary::sandbox
