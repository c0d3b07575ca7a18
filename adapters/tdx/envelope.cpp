#include "adapters/tdx/envelope.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "adapters/decode/whole_number.hpp"
#include "domain/drift.hpp"
#include "domain/json/parse.hpp"
#include "domain/json/write.hpp"
#include "domain/uuid.hpp"

namespace tributary::tdx {

using domain::DriftKind;
using domain::Errc;
using domain::Page;
using domain::Result;

namespace {

/// The id as text, or nothing where the object has none. Whole numbers are taken: only their type is a
/// surprise.
std::optional<std::string> id_of(const json::Object& item, std::vector<domain::DriftNote>& drift) {
    const json::Value* sent = json::find(item, "id");
    std::optional<std::string> id = decode::id_text(sent);
    if (id && sent->if_number() != nullptr) {
        drift.push_back({DriftKind::changed_type, "id", "number"});
    }
    return id;
}

/// Names the content of an item that has no id, without revealing it.
std::string content_key(const json::Value& item) {
    return "content:" + domain::to_text(domain::named_uuid({}, json::write(item)));
}

void quarantine(const json::Value& item, std::string reason, Page& page) {
    page.item_keys.push_back(content_key(item));
    page.quarantined.push_back({item, std::move(reason)});
}

void add_item(const json::Value& item, const ItemReader& read, Page& page) {
    const json::Object* object = item.if_object();
    if (object == nullptr) {
        page.drift.push_back({DriftKind::changed_type, "", std::string(item.type_name())});
        quarantine(item, "The item is no object.", page);
        return;
    }
    const std::optional<std::string> id = id_of(*object, page.drift);
    if (!id) {
        page.drift.push_back({DriftKind::missing_key, "id", "absent"});
        quarantine(item, "The object has no usable id.", page);
        return;
    }
    domain::Observation seen = read(*object, *id, page.drift);
    seen.provider_id = *id;
    seen.raw = item;
    page.item_keys.push_back(*id);
    page.observations.push_back(std::move(seen));
}

/// "/result/0/subAccounts/1/id" as "subAccounts[].id": what the key is called, not where in the page it
/// stood.
std::string path_in_item(std::string_view pointer) {
    std::string path;
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const std::string_view part = pointer.substr(0, pointer.find('/'));
        pointer.remove_prefix(part.size());
        const bool index =
            !part.empty() && std::ranges::all_of(part, [](char c) { return c >= '0' && c <= '9'; });
        if (index) {
            path += path.empty() ? "" : "[]";
        } else if (part == "result" || part == "items") {
            path.clear();
        } else {
            path += (path.empty() ? "" : ".") + domain::field_name(part);
        }
    }
    return path;
}

void note_duplicates(const json::Parsed& parsed, Page& page) {
    for (const std::string& pointer : parsed.duplicate_keys) {
        page.drift.push_back({DriftKind::duplicate_key, path_in_item(pointer), "object"});
    }
}

std::unexpected<domain::Error> no_json(const domain::Error& why) {
    return domain::fail(Errc::contract, "The answer is no JSON. " + why.detail);
}

/// The list inside an answer, or nullptr.
const json::Array* list_in(const json::Value& root, std::string_view inner_name) {
    const json::Value* content = root.find("result");
    if (content == nullptr) {
        content = root.find("items");
    }
    if (content != nullptr && content->if_object() != nullptr && !inner_name.empty()) {
        content = content->find(inner_name);
    }
    return content == nullptr ? nullptr : content->if_array();
}

std::unexpected<domain::Error> broken_pagination() {
    return domain::fail(Errc::contract,
                        "The list's pagination cannot be read, so its end is unknown. "
                        "Compare the answer with the documented form of the endpoint.");
}

/// Fills page.next_cursor. An empty `next` means the end (every documented last page has ""); a null or
/// absent one does only where the page is not full, because a cursor whose name changed would end every list
/// early.
Result<void> read_pagination(const json::Value& root, const ListRule& rule, std::size_t items, Page& page) {
    const json::Value* pagination = root.find("pagination");
    const json::Value* cursors = pagination == nullptr ? nullptr : pagination->find("cursors");
    if (cursors == nullptr || cursors->if_object() == nullptr) {
        const bool nothing_said = pagination == nullptr || pagination->is_null();
        if (!nothing_said || (rule.paginated && items >= rule.limit)) {
            return broken_pagination();
        }
        if (rule.paginated) {
            page.drift.push_back({DriftKind::missing_key, "pagination", "absent"});
            page.end_unsaid = true;
        }
        return {};
    }
    const json::Value* next = cursors->find("next");
    if (next == nullptr || next->is_null()) {
        if (rule.paginated && items >= rule.limit) {
            return broken_pagination();
        }
        if (rule.paginated && next == nullptr) {
            page.drift.push_back({DriftKind::missing_key, "pagination.cursors.next", "absent"});
            page.end_unsaid = true;
        }
        return {};
    }
    if (next->if_string() == nullptr) {
        return broken_pagination();
    }
    if (!next->if_string()->empty()) {
        page.next_cursor = *next->if_string();
    }
    return {};
}

}  // namespace

Page decode_item(const json::Value& item, const ItemReader& read) {
    Page page;
    add_item(item, read, page);
    return page;
}

Result<Page> decode_single(std::string_view body, const ItemReader& read) {
    const Result<json::Parsed> parsed = json::parse(body);
    if (!parsed) {
        return no_json(parsed.error());
    }
    const json::Value* content = parsed->root.find("result");
    if (content == nullptr && parsed->root.find("id") != nullptr) {
        content = &parsed->root;
    }
    if (content == nullptr || content->if_object() == nullptr) {
        return domain::fail(Errc::contract,
                            "The answer has no object under `result`. "
                            "Compare the answer with the documented form of the endpoint.");
    }
    Page page;
    note_duplicates(*parsed, page);
    add_item(*content, read, page);
    return page;
}

Result<Page> decode_list(std::string_view body, const ListRule& rule, const ItemReader& read) {
    const Result<json::Parsed> parsed = json::parse(body);
    if (!parsed) {
        return no_json(parsed.error());
    }
    const json::Array* items = list_in(parsed->root, rule.inner_name);
    if (items == nullptr) {
        return domain::fail(Errc::contract,
                            "The answer has no list under `result`. "
                            "Compare the answer with the documented form of the endpoint.");
    }
    Page page;
    note_duplicates(*parsed, page);
    const Result<void> walked = read_pagination(parsed->root, rule, items->size(), page);
    if (!walked) {
        return std::unexpected(walked.error());
    }
    for (const json::Value& item : *items) {
        add_item(item, read, page);
    }
    return page;
}

}  // namespace tributary::tdx
