#include "domain/document.hpp"

#include <stdexcept>

#include "domain/json/parse.hpp"

namespace tributary::domain {

std::string with_member(std::string object, std::string_view key, std::string_view json_value) {
    const bool is_empty = object.size() <= 2;
    object.pop_back();
    object.append(is_empty ? "\"" : ",\"").append(key).append("\":").append(json_value) += '}';
    return object;
}

std::string stamped(std::string_view content, const DocumentStamp& stamp) {
    constexpr std::size_t longest_stamp = 160;
    std::string text;
    text.reserve(content.size() + longest_stamp);
    text += content.substr(0, content.size() - 1);
    text += content.size() > 2 ? ",\"version\":" : "\"version\":";
    text += std::to_string(stamp.version);
    const auto add = [&text](std::string_view key, Timestamp at) {
        text.append(",\"").append(key).append("\":\"").append(to_text(at)) += '"';
    };
    add("created_at", stamp.created_at);
    add("changed_at", stamp.changed_at);
    if (stamp.deleted_at) add("deleted_at", *stamp.deleted_at);
    text += '}';
    return text;
}

std::string content_of(std::string_view stamped_text) {
    // The stamp comes last and its own values are numbers and times, so the last "version" is the stamp's.
    const std::size_t stamp = stamped_text.rfind("\"version\":");
    std::string content(stamped_text.substr(0, stamp));
    if (content.ends_with(',')) {
        content.pop_back();
    }
    return content + '}';
}

json::Value document_tree(std::string_view text) {
    auto parsed = json::parse(text, text.size(), deepest_document);
    if (!parsed) {
        throw std::logic_error("a stored document is no JSON of ours");
    }
    return std::move(parsed->root);
}

}  // namespace tributary::domain
