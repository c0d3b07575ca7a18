// What hangs off a user or a client account without being one: preferences and attributes.
#include <utility>

#include "adapters/decode/object_reader.hpp"
#include "adapters/tdx/decode.hpp"
#include "adapters/tdx/envelope.hpp"
#include "domain/json/write.hpp"

namespace tributary::tdx {

using decode::EnumText;
using decode::ObjectReader;
using domain::Attribute;
using domain::EntityKind;
using domain::EntityRef;
using domain::Field;
using domain::Language;
using domain::Observation;
using domain::Page;
using domain::Preferences;
using domain::Result;

namespace {

using Drift = std::vector<domain::DriftNote>;

constexpr EnumText<Language> languages[] = {{"LANGUAGE_ENGLISH", Language::english},
                                            {"LANGUAGE_GERMAN", Language::german},
                                            {"LANGUAGE_FRENCH", Language::french}};

void read_notifications(const json::Object* object, domain::Notifications& into, Drift& drift) {
    if (object == nullptr) {
        return;
    }
    ObjectReader reader(*object, "notifications", drift);
    into.order_placement = reader.boolean("orderPlacement");
    into.order_confirmation = reader.boolean("orderConfirmation");
    into.order_cancellation = reader.boolean("orderCancellation");
    into.settlement_line = reader.boolean("settlementLine");
    reader.finish();
}

Observation read_preferences(const json::Object& item, const std::string& id, const std::string& own_user,
                             Drift& drift) {
    ObjectReader reader(item, "", drift);
    reader.known("id");
    const Field<std::string> user = reader.text("userId");
    Preferences preferences;
    preferences.id = id;
    preferences.language = reader.personal_choice<Language>("language", languages);
    read_notifications(reader.object("notifications"), preferences.notifications, drift);
    preferences.created_at = reader.timestamp("createdAt");
    preferences.updated_at = reader.timestamp("updatedAt");
    reader.finish();

    Observation seen;
    const bool named = user.has_value() && !user.value().empty();
    seen.entity = {EntityKind::profile, named ? user.value() : own_user};
    seen.founds_entity = false;
    seen.source_updated_at = preferences.updated_at.optional();
    domain::Profile profile;
    profile.preferences = std::move(preferences);
    seen.normalized = std::move(profile);
    return seen;
}

/// The value as text whatever its type: an attribute may hold JSON of its own.
Field<std::string> read_value(const json::Object& item, ObjectReader& reader, Drift& drift) {
    const json::Value* value = json::find(item, "value");
    if (value == nullptr || (value->if_object() == nullptr && value->if_array() == nullptr)) {
        return reader.text("value");
    }
    reader.known("value");
    drift.push_back({domain::DriftKind::changed_type, "value", std::string(value->type_name())});
    return json::write(*value);
}

Observation read_attribute(const json::Object& item, const std::string& id, const EntityRef& owner,
                           Drift& drift) {
    ObjectReader reader(item, "", drift);
    reader.known("id");
    Attribute attribute;
    attribute.id = id;
    attribute.type = reader.text("type");
    attribute.sub_type = reader.text("subType");
    attribute.key = reader.text("key");
    attribute.value = read_value(item, reader, drift);
    attribute.content_type = reader.text("contentType");
    attribute.created_at = reader.timestamp("createdAt");
    attribute.updated_at = reader.timestamp("updatedAt");
    reader.finish();

    Observation seen;
    seen.entity = owner;
    seen.founds_entity = false;
    seen.source_updated_at = attribute.updated_at.optional();
    if (owner.kind == EntityKind::account) {
        domain::Account account;
        account.attributes.push_back(std::move(attribute));
        seen.normalized = std::move(account);
    } else {
        domain::Profile profile;
        profile.attributes.push_back(std::move(attribute));
        seen.normalized = std::move(profile);
    }
    return seen;
}

ItemReader attribute_reader(const EntityRef& owner) {
    return [&owner](const json::Object& item, const std::string& id, Drift& drift) {
        return read_attribute(item, id, owner, drift);
    };
}

ItemReader preferences_reader(const std::string& own_user) {
    return [&own_user](const json::Object& item, const std::string& id, Drift& drift) {
        return read_preferences(item, id, own_user, drift);
    };
}

}  // namespace

Result<Page> decode_preferences(std::string_view body, const std::string& own_user) {
    return decode_single(body, preferences_reader(own_user));
}

Page preferences_page(const json::Value& raw, const std::string& own_user) {
    return decode_item(raw, preferences_reader(own_user));
}

Result<Page> decode_attributes(std::string_view body, std::uint32_t limit, const EntityRef& owner) {
    return decode_list(body, {.limit = limit, .paginated = false, .inner_name = "attributes"},
                       attribute_reader(owner));
}

Result<Page> decode_attribute(std::string_view body, const EntityRef& owner) {
    return decode_single(body, attribute_reader(owner));
}

Page attribute_page(const json::Value& raw, const EntityRef& owner) {
    return decode_item(raw, attribute_reader(owner));
}

}  // namespace tributary::tdx
