#include "services/api/ready_document.hpp"

#include <string>

#include "services/cache/tenant_feed.hpp"
#include "services/view/masked.hpp"

namespace tributary::api {

using cache::ReadyDocument;
using domain::ports::DocumentLoad;
using domain::ports::StoredDocument;

namespace {

void append_line(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append("\r\n");
}

/// Content-Type apart, which only a body has.
std::string fields_of(std::string_view tag, const ToldText& told) {
    std::string fields;
    if (!tag.empty()) {
        append_line(fields, "ETag", tag);
    }
    if (told.verified_at) {
        append_line(fields, "Tributary-Verified-At", *told.verified_at);
    }
    return fields;
}

/// `object` with further members.
void append_object(std::string& out, std::string_view object, std::string_view members) {
    object.remove_suffix(1);
    out.append(object).append(object.size() > 1 ? "," : "").append(members).append("}");
}

}  // namespace

std::shared_ptr<const ReadyDocument> ready_document(const DocumentLoad& load, const ToldText& told,
                                                    Variant variant,
                                                    const std::shared_ptr<cache::TenantFeed>& feed) {
    static constexpr std::string_view content_type = "Content-Type: application/json\r\n";
    const StoredDocument& document = *load.document;
    const std::string masked =
        variant == Variant::masked ? view::masked(document.kind, document.body) : std::string();
    const std::string_view object = variant == Variant::masked ? masked : std::string_view(document.body);
    const std::string tag =
        told.is_tagged ? tag_of(document.id, {document.version, document.changed_at}, variant) : std::string();
    const std::string fields = fields_of(tag, told);

    auto ready = std::make_shared<ReadyDocument>();
    ready->kind = document.kind;
    ready->loaded_at = load.moment.number;
    ready->fields_size = content_type.size() + fields.size();
    ready->unchanged_fields_size = fields.size();
    std::string& bytes = ready->bytes;
    bytes.reserve(content_type.size() + 2 * fields.size() + object.size() + told.members.size() + 2);
    bytes.append(content_type).append(fields).append(fields);
    append_object(bytes, object, told.members);
    if (!tag.empty()) {
        ready->etag = ready->fields().substr(ready->fields().find(tag), tag.size());
    }
    if (feed) {
        ready->feed = feed;
        ready->stamps.push_back(feed->stamp(document.id, load.mark));
        for (const auto& [subject, at] : load.told->marks) {
            ready->stamps.push_back(feed->stamp(subject, at));
        }
    }
    return ready;
}

}  // namespace tributary::api
