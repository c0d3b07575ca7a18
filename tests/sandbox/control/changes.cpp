#include "tests/sandbox/control/changes.hpp"

#include <algorithm>
#include <utility>

#include "tests/sandbox/world/merge_patch.hpp"

namespace tributary::sandbox {

namespace {

using Outcome = std::expected<void, std::string>;

std::string text_at(const json::Object& object, std::string_view key) {
    const json::Value* value = json::find(object, key);
    const std::string* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : *text;
}

const json::Object* object_at(const json::Object& object, std::string_view key) {
    const json::Value* value = json::find(object, key);
    return value == nullptr ? nullptr : value->if_object();
}

bool has_parent(Kind kind) {
    return kind != Kind::tastytrade_customer && kind != Kind::tastytrade_account &&
           kind != Kind::tdx_client_account;
}

/// The collection that holds the parents of a kind; nothing where a connection's name is the parent.
const Collection* parents_of(const World& world, Kind kind) {
    switch (kind) {
        case Kind::tastytrade_access:
            return &world.of(Kind::tastytrade_customer);
        case Kind::tdx_user:
        case Kind::tdx_client_account_attribute:
        case Kind::tdx_sub_account:
            return &world.of(Kind::tdx_client_account);
        case Kind::tdx_preferences:
        case Kind::tdx_user_attribute:
        case Kind::tdx_access:
            return &world.of(Kind::tdx_user);
        default:
            return nullptr;
    }
}

bool parent_exists(const World& world, Kind kind, const std::string& parent) {
    if (!has_parent(kind)) return parent.empty();
    if (const Collection* parents = parents_of(world, kind)) return parents->find(parent) != nullptr;
    return std::ranges::find(world.upvest_clients, parent, &UpvestClient::name) != world.upvest_clients.end();
}

/// Members that follow from an id in two parts.
void complete_access(Kind kind, const std::string& id, json::Object& value) {
    if (kind != Kind::tdx_access) return;
    json::set(value, "userId", id.substr(0, id.find('/')));
    json::set(value, "subAccountId", id.substr(id.find('/') + 1));
}

Outcome add(World& world, Kind kind, const std::string& id, const json::Object& operation) {
    if (world.of(kind).find_any(id) != nullptr)
        return std::unexpected("The id is taken; use readd or change.");
    const json::Object* given = object_at(operation, "value");
    if (given == nullptr) return std::unexpected("An addition needs a value, an object.");
    const bool in_two_parts = kind == Kind::tastytrade_access || kind == Kind::tdx_access;
    if (in_two_parts != (id.find('/') != std::string::npos))
        return std::unexpected("The id has not the form it needs.");
    const std::string parent = in_two_parts ? id.substr(0, id.find('/')) : text_at(operation, "parent");
    if (!parent_exists(world, kind, parent)) return std::unexpected("The parent does not exist.");

    const KindFacts& facts = facts_of(kind);
    json::Object value = *given;
    if (!facts.id_key.empty()) json::set(value, facts.id_key, id);
    complete_access(kind, id, value);
    const std::string person = text_at(operation, "person");
    const std::string own_person = facts.is_profile ? "person-of-" + id : "";
    world.of(kind).add(make_item(kind, id, parent, value, person.empty() ? own_person : person));
    if (kind == Kind::tastytrade_customer) {
        world.tastytrade_logins.push_back(make_tastytrade_login(world.seed, id));
    }
    return {};
}

Outcome change(World& world, Kind kind, Item& item, const json::Object& operation, domain::Timestamp now) {
    const json::Object* patch = object_at(operation, "patch");
    if (patch == nullptr) return std::unexpected("A change needs a patch, an object.");
    const KindFacts& facts = facts_of(kind);
    if (!facts.id_key.empty() && json::find(*patch, facts.id_key) != nullptr) {
        return std::unexpected("A change cannot give an object another id.");
    }
    json::Object object = object_of(item);
    const bool has_time = !facts.updated_key.empty() && json::find(object, facts.updated_key) != nullptr;
    if (has_time) json::set(object, facts.updated_key, domain::to_text(now));
    merge_patch(object, *patch);
    set_object(item, kind, object);
    world.of(kind).touched();
    return {};
}

}  // namespace

Outcome apply_change(World& world, const json::Object& operation, domain::Timestamp now) {
    const auto kind = find_kind(text_at(operation, "provider"), text_at(operation, "kind"));
    if (!kind) return std::unexpected("No provider keeps this kind of object.");
    const std::string id = text_at(operation, "id");
    if (id.empty()) return std::unexpected("An operation needs an id.");
    const std::string op = text_at(operation, "op");
    if (op == "add") return add(world, *kind, id, operation);
    Item* item = world.of(*kind).find_any(id);
    if (item == nullptr || item->removed != (op == "readd")) {
        return std::unexpected("There is no such object to " + op + ".");
    }
    if (op == "change") return change(world, *kind, *item, operation, now);
    if (op != "remove" && op != "readd") return std::unexpected("An op is add, change, remove or readd.");
    item->removed = op == "remove";
    world.of(*kind).touched();
    return {};
}

}  // namespace tributary::sandbox
