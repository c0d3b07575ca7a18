#include "adapters/upvest/decode.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "adapters/crypto/digest.hpp"
#include "adapters/decode/object_reader.hpp"
#include "adapters/decode/whole_number.hpp"
#include "adapters/upvest/shapes.hpp"
#include "domain/drift.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"

namespace tributary::upvest {

using domain::DriftKind;
using domain::EntityKind;
using domain::Errc;
using domain::Page;
using domain::Result;

namespace {

/// Ids are UUIDs, but nothing here depends on it. Bounded and printable, because an id becomes a key of the
/// store. A whole number is taken, for only its type is a surprise; any other number names nothing.
std::optional<std::string> usable_id(const json::Object& object) {
    const json::Value* sent = json::find(object, "id");
    std::optional<std::string> id = decode::id_text(sent);
    constexpr std::size_t longest = 256;
    const auto printable = [](char c) { return c > 0x20 && c < 0x7f; };
    if (id && sent->if_string() != nullptr &&
        (id->size() > longest || !std::ranges::all_of(*id, printable))) {
        return std::nullopt;
    }
    return id;
}

void quarantine(json::Value item, std::string reason, Page& page) {
    const crypto::Sha256 hash = crypto::sha256(json::write(item));
    page.item_keys.push_back("sha256:" +
                             crypto::hex({reinterpret_cast<const char*>(hash.data()), hash.size()}));
    page.quarantined.push_back({std::move(item), std::move(reason)});
}

template <class Entity>
void keep(EntityKind kind, std::string id, Decoded<Entity> decoded, json::Value raw, Page& page) {
    domain::Observation seen;
    seen.provider_id = id;
    seen.entity = {kind, id};
    seen.access = std::move(decoded.access);
    seen.source_updated_at = decoded.entity.source_updated_at.optional();
    seen.normalized = std::move(decoded.entity);
    seen.raw = std::move(raw);
    page.observations.push_back(std::move(seen));
    page.item_keys.push_back(std::move(id));
}

bool is_index(std::string_view segment) {
    return !segment.empty() && std::ranges::all_of(segment, [](char c) { return c >= '0' && c <= '9'; });
}

/// "/data/0/users/1/id" -> "users[].id": a duplicate key is a fact about the object it stands in.
std::string item_path(std::string_view pointer) {
    constexpr std::string_view items = "/data/";
    if (pointer.starts_with(items)) {
        const auto end = pointer.find('/', items.size());
        pointer = end == std::string_view::npos ? std::string_view{} : pointer.substr(end);
    }
    std::string path;
    while (!pointer.empty()) {
        const auto end = std::min(pointer.find('/', 1), pointer.size());
        const std::string_view segment = pointer.substr(1, end - 1);
        if (is_index(segment)) {
            path += "[]";
        } else {
            path += (path.empty() ? "" : ".") + domain::field_name(segment);
        }
        pointer.remove_prefix(end);
    }
    return path;
}

Result<json::Object> parse_object(std::string_view body, Page& page) {
    auto parsed = json::parse(body);
    if (!parsed) {
        return domain::fail(Errc::contract, "The answer is no JSON. " + parsed.error().detail);
    }
    for (const std::string& pointer : parsed->duplicate_keys) {
        page.drift.push_back({DriftKind::duplicate_key, item_path(pointer), ""});
    }
    if (parsed->root.if_object() == nullptr) {
        return domain::fail(Errc::contract, "The answer is no JSON object.");
    }
    return std::move(*parsed->root.if_object());
}

/// Upvest, pagination: offset, limit, count and total_count are promised, sort and order are not and are
/// sometimes wrong. Only the total decides anything; a count that disagrees with the items is worth a note.
std::optional<std::uint64_t> read_meta(const json::Object& meta, std::size_t items, DriftNotes& notes) {
    decode::ObjectReader reader(meta, "meta", notes);
    for (const std::string_view key : {"offset", "limit", "sort", "order"}) {
        reader.known(key);
    }
    note_missing(meta, "meta", {"offset", "limit", "count", "total_count"}, notes);
    const auto count = reader.integer("count");
    if (count.has_value() && std::cmp_not_equal(count.value(), items)) {
        notes.push_back({DriftKind::other, "meta.count", "differs from the items sent"});
    }
    const auto total = reader.integer("total_count");
    reader.finish();
    if (!total.has_value() || total.value() < 0) {
        return std::nullopt;
    }
    return static_cast<std::uint64_t>(total.value());
}

}  // namespace

void note_missing(const json::Object& object, std::string_view path,
                  std::initializer_list<std::string_view> keys, DriftNotes& notes) {
    for (const std::string_view key : keys) {
        if (json::find(object, key) == nullptr) {
            notes.push_back({DriftKind::missing_key,
                             path.empty() ? std::string(key) : std::string(path) + "." + std::string(key),
                             ""});
        }
    }
}

void decode_item(EntityKind kind, json::Value item, Page& page) {
    const json::Object* object = item.if_object();
    if (object == nullptr) {
        return quarantine(std::move(item), "not an object", page);
    }
    std::optional<std::string> id = usable_id(*object);
    if (!id) {
        page.drift.push_back({DriftKind::missing_key, "id", ""});
        return quarantine(std::move(item), "id is missing or unusable", page);
    }
    if (kind == EntityKind::profile) {
        auto user = decode_user(*object, page.drift);
        return keep(kind, std::move(*id), std::move(user), std::move(item), page);
    }
    if (kind == EntityKind::account_group) {
        auto group = decode_account_group(*id, *object, page.drift);
        return keep(kind, std::move(*id), std::move(group), std::move(item), page);
    }
    auto account = decode_account(*id, *object, page.drift);
    keep(EntityKind::account, std::move(*id), std::move(account), std::move(item), page);
}

Result<Page> decode_list(EntityKind kind, std::string_view body) {
    Page page;
    auto root = parse_object(body, page);
    if (!root) {
        return std::unexpected(root.error());
    }
    decode::ObjectReader reader(*root, "", page.drift);
    const json::Object* meta = reader.object("meta");
    const json::Array* data = reader.array("data");
    reader.finish();
    if (data == nullptr) {
        return domain::fail(Errc::contract, "The list has no data array.");
    }
    page.total = meta == nullptr ? std::nullopt : read_meta(*meta, data->size(), page.drift);
    if (!page.total) {
        return domain::fail(Errc::contract, "The list has no usable meta.total_count.");
    }
    page.observations.reserve(data->size());
    for (const json::Value& item : *data) {
        decode_item(kind, item, page);
    }
    return page;
}

Result<Page> decode_single(EntityKind kind, std::string_view provider_id, std::string_view body) {
    Page page;
    auto object = parse_object(body, page);
    if (!object) {
        return std::unexpected(object.error());
    }
    decode_item(kind, json::Value(std::move(*object)), page);
    if (page.observations.empty() || page.observations.front().provider_id != provider_id) {
        return domain::fail(Errc::contract, "The answer is another object.");
    }
    return page;
}

}  // namespace tributary::upvest
