// The objects of one kind, each kept as the provider's own JSON text so that a page is a join of strings and
// a hundred thousand of them stay small.
#pragma once

#include <array>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "domain/json/value.hpp"
#include "domain/time.hpp"
#include "tests/sandbox/world/kind.hpp"

namespace tributary::sandbox {

struct Item {
    std::string id;
    /// Whose list holds it; see Kind.
    std::string parent;
    /// The provider's JSON.
    std::string text;
    domain::Timestamp created{};
    domain::Timestamp updated{};
    /// Ground truth, profiles alone: profiles of one person must merge, of two must not.
    std::string person = {};
    bool removed = false;
};

enum class SortKey { created, updated };

/// Items keep their place in memory for the life of the collection.
class Collection {
  public:
    /// Adds an item whose id is new.
    Item& add(Item item);
    /// Live items alone.
    [[nodiscard]] const Item* find(std::string_view id) const;
    /// Removed ones too, to change or bring back; call touched() after a change.
    [[nodiscard]] Item* find_any(std::string_view id);

    /// Forgets the sorted lists; to be called after an item changed.
    void touched() { sorted_.clear(); }

    /// Live items of a parent, ascending by the key, then by id. Valid until the next change.
    [[nodiscard]] const std::vector<const Item*>& of(std::string_view parent,
                                                     SortKey key = SortKey::created) const;
    /// Live items of a parent in the order in which they were added.
    [[nodiscard]] std::vector<const Item*> in_order(std::string_view parent) const;
    /// Every live item in the order in which they were added.
    [[nodiscard]] std::vector<const Item*> live() const;

  private:
    std::deque<Item> items_;
    std::unordered_map<std::string, Item*> by_id_;
    /// Filled on demand; the key is the parent.
    mutable std::unordered_map<std::string, std::array<std::vector<const Item*>, 2>> sorted_;
};

/// The tree of an item's text.
json::Object object_of(const Item& item);
/// Rewrites the text and reads the times from it again.
void set_object(Item& item, Kind kind, const json::Object& object);
/// An item of an object that carries its own id and times.
Item make_item(Kind kind, std::string id, std::string parent, const json::Object& object,
               std::string person = {});

}  // namespace tributary::sandbox
