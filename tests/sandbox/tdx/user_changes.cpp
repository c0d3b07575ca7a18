#include "tests/sandbox/tdx/user_changes.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "domain/json/parse.hpp"
#include "tests/sandbox/face/reply.hpp"
#include "tests/sandbox/tdx/error_reply.hpp"

namespace tributary::sandbox {

namespace {

constexpr std::array<std::string_view, 4> languages{"LANGUAGE_ENGLISH", "LANGUAGE_GERMAN", "LANGUAGE_FRENCH",
                                                    "LANGUAGE_ROMANSH"};
constexpr std::array<std::string_view, 4> switches{"orderPlacement", "orderConfirmation", "orderCancellation",
                                                   "settlementLine"};
constexpr std::array<std::string_view, 5> attribute_members{"type", "subType", "key", "value", "contentType"};

HttpReply wrong() {
    return tdx_error(400, "invalid arguments", "INVALID_ARGUMENTS");
}

/// The JSON object of a body that says it is one.
std::optional<json::Object> object_in(const HttpRequest& request) {
    if (request.fields.find("Content-Type").value_or("") != "application/json") return std::nullopt;
    auto parsed = json::parse(request.body);
    json::Object* object = parsed ? parsed->root.if_object() : nullptr;
    return object == nullptr ? std::nullopt : std::optional(std::move(*object));
}

/// An object of exactly these members.
const json::Object* exactly(const json::Value* value, std::span<const std::string_view> members) {
    const json::Object* object = value == nullptr ? nullptr : value->if_object();
    const bool fits = object != nullptr && object->size() == members.size() &&
                      std::ranges::all_of(members, [object](std::string_view member) {
                          return json::find(*object, member) != nullptr;
                      });
    return fits ? object : nullptr;
}

bool are_preferences(const json::Object& body) {
    const json::Value* language = json::find(body, "language");
    const json::Object* notifications = exactly(json::find(body, "notifications"), switches);
    return body.size() == 2 && language != nullptr && language->if_string() != nullptr &&
           std::ranges::find(languages, *language->if_string()) != languages.end() &&
           notifications != nullptr && std::ranges::all_of(*notifications, [](const json::Entry& entry) {
               return entry.value.if_bool() != nullptr;
           });
}

bool is_attribute(const json::Value& value) {
    const json::Object* object = exactly(&value, attribute_members);
    return object != nullptr && std::ranges::all_of(*object, [](const json::Entry& entry) {
               return entry.value.if_string() != nullptr &&
                      (entry.key == "value" || !entry.value.if_string()->empty());
           });
}

bool agree(const json::Object& left, const json::Object& right, std::span<const std::string_view> members) {
    return std::ranges::all_of(members, [&](std::string_view member) {
        const json::Value* value = json::find(left, member);
        return value != nullptr && *value == *json::find(right, member);
    });
}

}  // namespace

HttpReply TdxUserChanges::put_preferences(const HttpRequest& request, const std::string& user) {
    const auto body = object_in(request);
    if (!body || !are_preferences(*body)) return wrong();
    static constexpr std::array<std::string_view, 2> said{"language", "notifications"};
    const auto& found = world_.of(Kind::tdx_preferences).of(user);
    if (found.empty()) {
        const std::string id = ids_.uuid();
        json::Object made{{"id", id}, {"userId", user}};
        made.insert(made.end(), body->begin(), body->end());
        add(Kind::tdx_preferences, id, user, std::move(made));
        effects_.happened("tdx", "preferences_changed", id);
        return {};
    }
    const std::string id = found.front()->id;
    const bool same = agree(object_of(*found.front()), *body, said);
    change(Kind::tdx_preferences, id, *body);
    effects_.happened("tdx", same ? "preferences_repeated" : "preferences_changed", id);
    return {};
}

HttpReply TdxUserChanges::post_attributes(const HttpRequest& request, const std::string& user) {
    const auto body = object_in(request);
    const json::Value* list = body && body->size() == 1 ? json::find(*body, "attributes") : nullptr;
    const json::Array* given = list == nullptr ? nullptr : list->if_array();
    if (given == nullptr || given->empty() || !std::ranges::all_of(*given, is_attribute)) return wrong();
    json::Array made;
    for (const json::Value& attribute : *given) {
        made.push_back(put_attribute(*attribute.if_object(), user));
    }
    return json_reply(200, json::Object{{"result", std::move(made)}});
}

json::Object TdxUserChanges::put_attribute(const json::Object& given, const std::string& user) {
    static constexpr std::array<std::string_view, 3> place{"type", "subType", "key"};
    const auto& known = world_.of(Kind::tdx_user_attribute).of(user);
    const auto found = std::ranges::find_if(
        known, [&given](const Item* item) { return agree(given, object_of(*item), place); });
    if (found == known.end()) {
        const std::string id = ids_.uuid();
        json::Object object{{"id", id}};
        object.insert(object.end(), given.begin(), given.end());
        add(Kind::tdx_user_attribute, id, user, std::move(object));
        effects_.happened("tdx", "attribute_created", id);
        return object_of(*world_.of(Kind::tdx_user_attribute).find(id));
    }
    const std::string id = (*found)->id;
    const bool same = agree(object_of(**found), given, attribute_members);
    change(Kind::tdx_user_attribute, id, given);
    effects_.happened("tdx", same ? "attribute_repeated" : "attribute_changed", id);
    return object_of(*world_.of(Kind::tdx_user_attribute).find(id));
}

HttpReply TdxUserChanges::delete_attribute(const std::string& id, const std::string& user) {
    const Item* found = world_.of(Kind::tdx_user_attribute).find(id);
    if (found == nullptr || found->parent != user) return tdx_error(404, "not found", "RESOURCE_NOT_FOUND");
    world_.of(Kind::tdx_user_attribute).find_any(id)->removed = true;
    world_.of(Kind::tdx_user_attribute).touched();
    effects_.happened("tdx", "attribute_deleted", id);
    return json_reply(200, json::Object{});
}

void TdxUserChanges::change(Kind kind, const std::string& id, const json::Object& members) {
    Item* item = world_.of(kind).find_any(id);
    json::Object object = object_of(*item);
    for (const json::Entry& member : members) {
        json::set(object, member.key, member.value);
    }
    json::set(object, "updatedAt", domain::to_text(clock_.now()));
    set_object(*item, kind, object);
    world_.of(kind).touched();
}

void TdxUserChanges::add(Kind kind, const std::string& id, const std::string& user, json::Object object) {
    json::set(object, "createdAt", domain::to_text(clock_.now()));
    json::set(object, "updatedAt", domain::to_text(clock_.now()));
    world_.of(kind).add(make_item(kind, id, user, object));
}

}  // namespace tributary::sandbox
