#include "tests/sandbox/world/collection.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"

namespace tributary::sandbox {

namespace {

domain::Timestamp time_at(const json::Object& object, std::string_view key) {
    const json::Value* value = key.empty() ? nullptr : json::find(object, key);
    const std::string* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? domain::Timestamp{}
                           : domain::parse_timestamp(*text).value_or(domain::Timestamp{});
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
