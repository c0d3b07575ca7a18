#include "services/api/ready_document.hpp"

#include <string>

#include "services/api/request_context.hpp"
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

std::string lines_of(const domain::ports::HttpReply& reply) {
    std::string lines;
    for (const auto& [name, value] : reply.fields) {
        append_line(lines, name, value);
    }
    return lines;
}

/// Those that differ from document to document.
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
    out.append(object.substr(0, object.size() - 1))
        .append(object.size() > 2 ? "," : "")
        .append(members)
        .append("}");
}

}  // namespace

std::shared_ptr<const ReadyDocument> ready_document(const DocumentLoad& load, const ToldText& told,
                                                    Variant variant,
                                                    const std::shared_ptr<cache::TenantFeed>& feed) {
    static const std::string with_body = lines_of(json_reply({}));
    static const std::string without_body = lines_of(not_modified());
    const StoredDocument& document = *load.document;
    const std::string masked =
        variant == Variant::masked ? view::masked(document.kind, document.body) : std::string();
    const std::string_view object = variant == Variant::masked ? masked : std::string_view(document.body);
    const std::string tag =
        told.is_tagged ? field_of(tag_of(document.id, {document.version, document.changed_at}, variant))
                       : std::string();
    const std::string fields = fields_of(tag, told);

    auto ready = std::make_shared<ReadyDocument>();
    ready->kind = document.kind;
    ready->loaded_at = load.moment.number;
    ready->fields_size = with_body.size() + fields.size();
    ready->unchanged_fields_size = without_body.size() + fields.size();
    std::string& bytes = ready->bytes;
    bytes.reserve(ready->fields_size + ready->unchanged_fields_size + object.size() + told.members.size() +
                  2);
    bytes.append(with_body).append(fields).append(without_body).append(fields);
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
